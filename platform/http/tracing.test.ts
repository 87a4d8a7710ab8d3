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
beforeAll(async () => {
  traced = traceInMemory();
  app = await createServer({ title: 't', description: 'd', version: '1', logger: pino({ level: 'silent' }), verifiers: {} });
  const config = { access: { principal: 'public' } } as const;
  app.get('/health', { config }, async () => ({ traceparent: activeTraceparent() ?? 'none' }));
  app.post('/things/:name', { config, schema: { body: z.looseObject({}) } }, async () => ({ traceparent: activeTraceparent() }));
  app.get('/broken', { config }, async () => {
    throw new Error(CANARY);
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  traced.stop();
});

it("stands within the caller's trace, and around the handler after the body has arrived", async () => {
  const url = `/things/${encodeURIComponent(CANARY)}?text=${encodeURIComponent(CANARY)}`;
  const answer = await app.inject({ method: 'POST', url, headers: { traceparent }, payload: { text: CANARY } });
  const span = traced.spans().find(({ name }) => name === 'POST /things/:name');
  expect(span?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: '00f067aa0ba902b7' });
  expect(answer.json()).toEqual({ traceparent: `00-${TRACE}-${span?.spanContext().spanId}-01` });
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
