import { afterAll, beforeAll, expect, it } from 'vitest';
import { inSpan } from '../../platform/telemetry/spans.ts';
import { traceInMemory } from '../../platform/telemetry/testing.ts';
import { OutgoingError, type OutgoingAnswer, type OutgoingRequest } from '../../platform/outgoing/client.ts';
import { createRegistry } from '../providers/registry.ts';
import { createProviderApi } from './provider-api.ts';
import { withoutIds } from './provider-span.ts';

const CANARY = 'what people wrote';

let traced: ReturnType<typeof traceInMemory>;
beforeAll(() => {
  traced = traceInMemory();
});
afterAll(() => traced.stop());

/** Posts in Slack inside of a trace; gives the request that went out, and its span. */
async function post(reply: () => Promise<OutgoingAnswer>) {
  const [provider] = createRegistry({ slack: { clientId: 'a', clientSecret: 'b' } }).providers;
  let sent: OutgoingRequest | undefined;
  const send = (request: OutgoingRequest) => ((sent = request), reply());
  const api = createProviderApi({ send, close: async () => undefined }, provider!, {
    accessToken: 'hunter2',
    accountId: 'T1',
    scopes: [],
    timeoutMs: 1_000,
    subject: { capability: 'slack/slack.post', attempt: 2 },
  });
  await inSpan({ name: 'call' }, () => api.send({ method: 'chat.postMessage', args: { text: CANARY } }));
  return { sent, span: traced.spans().findLast(({ name }) => name === 'slack chat.postMessage') };
}

it('tells the provider nothing of the trace, and the trace nothing of what was sent', async () => {
  const body = JSON.stringify({ ok: false, error: CANARY });
  const { sent, span } = await post(async () => ({ status: 200, headers: {}, body }));
  expect(Object.keys(sent?.headers ?? {}).map((name) => name.toLowerCase())).not.toContain('traceparent');
  expect(JSON.stringify(sent)).not.toContain(span?.spanContext().traceId);
  expect(span?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.response.status_code': 200,
    'server.address': 'slack.com',
    'clancy.provider': 'slack',
    'clancy.provider.method': 'chat.postMessage',
    'clancy.capability': 'slack/slack.post',
    'clancy.attempt': 2,
  });
});

it('says of a provider that cannot be reached whether it may have seen the request', async () => {
  const { span } = await post(() => Promise.reject(new OutgoingError('uncertain', 'timed_out')));
  expect(span).toMatchObject({
    status: { code: 2 },
    attributes: { 'clancy.outcome': 'uncertain', 'error.type': 'OutgoingError' },
  });
});

it.each([
  ['chat.postMessage', 'chat.postMessage'],
  ['messages/19a2b/modify', 'messages/…'],
  [`invoice/${CANARY}`, 'invoice/…'],
])('names %j without what parameters gave: %j', (method, name) => expect(withoutIds(method)).toBe(name));
