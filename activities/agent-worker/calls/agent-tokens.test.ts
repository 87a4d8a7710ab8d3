import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTokenCache } from '../../../platform/auth/token-cache.ts';
import { createAgentTokens } from './agent-tokens.ts';
import { HttpFailure } from './post-json.ts';

let close: () => void = () => undefined;
afterEach(() => close());

async function agentCore(lifeMs: number, status = 200) {
  const state = { given: 0, nowMs: Date.parse('2026-11-23T10:00:00Z'), expiry: '' };
  const server = createServer((_request, response) => {
    state.given += 1;
    response.writeHead(status, { 'content-type': 'application/json' });
    const body =
      status === 200
        ? { access_token: `token-${state.given}`, expires_at: state.expiry || new Date(state.nowMs + lifeMs).toISOString() }
        : { code: 'run_not_open', detail: 'closed', status };
    response.end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => server.close();
  const tokens = createAgentTokens({
    agentCoreUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serviceToken: { token: () => Promise.resolve('service') },
    cache: createTokenCache({ now: () => state.nowMs, random: () => 0.5 }),
  });
  return { state, get: tokens.get, drop: tokens.drop };
}

/** As the workers' log has it. */
function logged(error: unknown): string {
  let text = '';
  pino({}, { write: (line) => void (text += line) }).warn({ err: error }, 'a call could not be made');
  return text + inspect(error, { depth: 10 });
}

describe('the employee’s tokens', () => {
  test('are kept for three quarters of their life, each for its ticket', async () => {
    const { state, get } = await agentCore(1_000_000);
    expect([await get('a'), await get('a'), await get('b')]).toEqual(['token-1', 'token-1', 'token-2']);
    state.nowMs += 749_000;
    expect(await get('a')).toBe('token-1');
    expect(state.given).toBe(2);
    state.nowMs += 2_000;
    await get('a');
    await vi.waitUntil(async () => (await get('a')) === 'token-3');
  });

  test('are asked for once when several calls need one at the same time', async () => {
    const { state, get } = await agentCore(1_000_000);
    expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(state.given).toBe(1);
  });

  test('are asked for anew when dropped', async () => {
    const { get, drop } = await agentCore(1_000_000);
    await get('a');
    drop('a');
    expect(await get('a')).toBe('token-2');
  });

  test('that Agent-Core refuses give its answer', async () => {
    const { get } = await agentCore(0, 409);
    const error = await get('a').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HttpFailure);
    expect(error).toMatchObject({ service: 'agent-core', answer: { status: 409, body: { code: 'run_not_open' } } });
  });

  test('are in no error, and no answer is where a logger would find it', async () => {
    const { state, get } = await agentCore(1_000_000);
    state.expiry = 'tomorrow';
    const unreadable = await get('a').catch((reason: unknown) => reason);
    expect(unreadable).toBeInstanceOf(HttpFailure);
    expect(unreadable).toMatchObject({ answer: undefined });
    const refused = new HttpFailure('agent-core', { status: 409, body: { access_token: 'token-1' } });
    for (const error of [unreadable, refused]) expect(logged(error)).not.toContain('token-1');
  });

  test('say so when Agent-Core does not answer', async () => {
    const tokens = createAgentTokens({ agentCoreUrl: 'http://127.0.0.1:1', serviceToken: { token: () => Promise.resolve('x') } });
    const error = await tokens.get('a').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ service: 'agent-core', answer: undefined });
  });
});
