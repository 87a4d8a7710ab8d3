import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { activeTraceparent } from '../telemetry/spans.ts';
import { traceInMemory } from '../telemetry/testing.ts';
import { createServer, type App } from './server.ts';

const CANARY = 'what people wrote';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${TRACE}-00f067aa0ba902b7-00`;

let traced: ReturnType<typeof traceInMemory>;
let app: App;
let url: string;
/** The first request with a body has been begun, without the body. */
let begun: Promise<void>;
beforeAll(async () => {
  traced = traceInMemory();
  app = await createServer({ title: 't', description: 'd', version: '1', logger: pino({ level: 'silent' }), verifiers: {} });
  begun = new Promise((resolve) => {
    app.addHook('onRequest', async ({ method }) => (method === 'POST' ? resolve() : undefined));
  });
  const config = { access: { principal: 'public' } } as const;
  app.get('/health', { config }, async () => ({ traceparent: activeTraceparent() ?? 'none' }));
  app.post('/things/:name', { config, schema: { body: z.looseObject({}) } }, async () => ({ traceparent: activeTraceparent() }));
  app.get('/broken', { config }, async () => {
    throw new Error(CANARY);
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  traced.stop();
});

it("stands within the caller's trace, and around the handler after the body has arrived", async () => {
  const path = `/things/${encodeURIComponent(CANARY)}?text=${encodeURIComponent(CANARY)}`;
  const body = JSON.stringify({ text: CANARY });
  const headers = { traceparent, 'content-type': 'application/json' };
  const request = httpRequest(url + path, { method: 'POST', headers });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.flushHeaders();
  await begun;
  request.end(body);
  const [response] = await answered;
  const answer = JSON.parse(Buffer.concat(await response.toArray()).toString()) as object;
  const span = traced.spans().find(({ name }) => name === 'POST /things/:name');
  expect(span?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: '00f067aa0ba902b7' });
  expect(answer).toEqual({ traceparent: `00-${TRACE}-${span?.spanContext().spanId}-01` });
  expect(span?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/things/:name',
    'http.response.status_code': 200,
  });
});

it('fails with a server that fails, and keeps the reason to itself', async () => {
  await app.inject({ method: 'GET', url: '/broken' });
  const span = traced.spans().find(({ name }) => name === 'GET /broken');
  expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': '500', 'http.response.status_code': 500 } });
  expect(span?.parentSpanContext).toBeUndefined();
  expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain(CANARY);
});

it('is made neither of probes nor of what has no route', async () => {
  const before = traced.spans().length;
  expect((await app.inject({ method: 'GET', url: '/health', headers: { traceparent } })).json()).toEqual({ traceparent: 'none' });
  await app.inject({ method: 'GET', url: '/wp-admin', headers: { traceparent } });
  expect(traced.spans()).toHaveLength(before);
  expect(trace.getActiveSpan()).toBeUndefined();
});
