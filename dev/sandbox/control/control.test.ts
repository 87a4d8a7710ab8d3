import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../server.ts';
import { CLIENT, outcomeOf, startHarness } from '../testing.ts';
import type { Harness } from '../testing.ts';

describe('the control surface', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.sandbox.close());

  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${h.sandbox.url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });

  it('makes a workspace of a given id and finds it again', async () => {
    const made = await h.control.createTeam('TDEMO');
    expect(made).toMatchObject({ team: 'TDEMO', name: 'Millrace Bindery', bot_user_id: 'U0CLANCY01', installer: 'U0PIOTR001' });
    expect(made.people).toContainEqual({
      id: 'U0DANA0001',
      name: 'dana',
      real_name: 'Dana Weiss',
      email: 'dana@millrace.example',
    });
    await h.control.seedMessage('TDEMO', { channel: 'C0DIGEST01', user: 'U0DANA0001', text: 'kept' });
    expect(await h.control.createTeam('TDEMO')).toEqual(made);
  });

  it('lists every token ever issued, dead ones included', async () => {
    const { team, token, refreshToken } = await h.install(['chat:write'], ['channels:history']);
    await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    await h.control.revokeTokens(team);
    const mine = (await h.control.tokens()).filter((one) => one.team === team);
    expect(mine).toHaveLength(6);
    expect(mine.map((one) => one.value)).toEqual(expect.arrayContaining([token, refreshToken]));
  });

  it('logs requests that failed, with their arguments', async () => {
    const { team, token } = await h.install([' chat:write']);
    await h.call('chat.postMessage', token, { channel: 'C0NOWHERE1', text: 'lost' });
    expect((await h.control.requests(team)).at(-1)).toMatchObject({
      method: 'chat.postMessage',
      args: { channel: 'C0NOWHERE1', text: 'lost' },
      status: 200,
      fault: null,
    });
    await h.call('chat.postMessage', 'xoxb-unknown', { channel: 'C0NOWHERE1', text: 'nobody’s' });
    expect((await h.control.requests()).at(-1)).toMatchObject({ team: null, args: { text: 'nobody’s' } });
  });

  it.each([
    ['POST', '/faults', { team: 'TCTRL', method: 'chat.postMesage', kind: 'hang' }, 400],
    ['POST', '/faults', { team: 'TNONE', method: 'chat.postMessage', kind: 'hang' }, 404],
    ['POST', '/faults', { team: 'TCTRL', method: 'chat.postMessage', kind: 'explode' }, 400],
    ['POST', '/faults', { team: 'TCTRL', method: 'chat.postMessage', kind: 'hang', delay_ms: 5 }, 400],
    ['POST', '/barriers', { team: 'TCTRL', method: 'chat.postMessage', afterEffect: true }, 400],
    ['POST', '/barriers/nope/release', {}, 404],
    ['GET', '/barriers/nope', undefined, 404],
    ['GET', '/effects?team=TNONE', undefined, 404],
    ['GET', '/effects', undefined, 400],
    ['POST', '/slack/teams', { team: 'lower' }, 400],
    ['PATCH', '/slack/teams/TCTRL/settings', { expiresIn: 5 }, 400],
    ['POST', '/teams/TNONE/expire-tokens', undefined, 404],
    ['POST', '/slack/teams/TCTRL/messages', { channel: 'C0NOWHERE1', user: 'U0DANA0001', text: 'x' }, 400],
    ['POST', '/slack/teams/TCTRL/messages', { channel: 'C0DIGEST01', user: 'U0NOBODY01', text: 'x' }, 400],
    ['POST', '/slack/teams/TCTRL/messages', { channel: 'C0DIGEST01', user: 'U0DANA0001', text: 'x', thread_ts: '1.1' }, 400],
    ['GET', '/efects?team=TCTRL', undefined, 404],
  ])('refuses misuse: %s %s %j', async (method, path, body, status) => {
    await h.control.createTeam('TCTRL');
    const response = await send(method, path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('error');
  });

  it('shows the faults that still wait', async () => {
    const { team } = await h.control.createTeam();
    const id = await h.control.inject({ team, method: 'auth.test', kind: 'hang' });
    const body = await (await send('GET', `/faults?team=${team}`)).json();
    expect(body).toEqual({ faults: [{ id, team, method: 'auth.test', kind: 'hang', when: 'before', nth: 1, times: 1 }] });
  });

  it('tells when no request reaches a barrier in time', async () => {
    const { team } = await h.control.createTeam();
    const barrier = await h.control.barrier({ team, method: 'auth.test' });
    await expect(barrier.waitUntilHeld(1)).rejects.toThrow('no auth.test reached the barrier');
  });

  it('listens on loopback only', async () => {
    await expect(startSandbox({ clients: { slack: CLIENT }, host: '0.0.0.0' })).rejects.toThrow('loopback only');
  });

  it('closes although a request hangs', async () => {
    const other = await startHarness();
    const { team, token } = await other.install();
    await other.control.inject({ team, method: 'auth.test', kind: 'hang' });
    const outcome = outcomeOf(other.call('auth.test', token));
    await expect.poll(async () => (await other.control.requests(team)).at(-1)?.fault).toBe('hang');
    await other.sandbox.close();
    expect(await outcome).toBe('lost');
  });
});
