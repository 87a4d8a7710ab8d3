import { context, SpanKind, type Attributes, type Context, type Span } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { idsIn } from '../telemetry/ids.ts';
import { contextFrom, failSpan, openSpan } from '../telemetry/spans.ts';
import type { App } from './server.ts';

/** Asked every few seconds by machines that only want to know whether we live. */
const QUIET = new Set(['/health', '/ready', '/metrics']);

interface Traced {
  span: Span;
  inside: Context;
}

declare module 'fastify' {
  interface FastifyRequest {
    traced: Traced | undefined;
  }
}

/**
 * Opens a span for every request that has a route, within the trace of its `traceparent` where that is one. What happens in
 * the request happens inside of it. Add it before whatever shall be seen.
 */
export function traceRequests(app: App): void {
  app.decorateRequest('traced', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    request.traced = open(request);
    if (!request.traced) return done();
    // Emitted in any case, also where the client went away.
    reply.raw.once('close', () => end(request, reply));
    context.with(request.traced.inside, done);
  });
  app.addHook('onResponse', async (request, reply) => end(request, reply));
}

function open(request: FastifyRequest): Traced | undefined {
  const { url } = request.routeOptions;
  if (request.is404 || url === undefined || QUIET.has(url)) return undefined;
  const { attributes, logFields } = idsIn({ ...(request.params as object), call_id: request.headers['idempotency-key'] });
  return openSpan({
    name: `${request.method} ${url}`,
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': request.method, 'http.route': url, ...attributes },
    parent: contextFrom(request.headers['traceparent']),
    logFields,
  });
}

function end(request: FastifyRequest, reply: FastifyReply): void {
  const { traced } = request;
  if (!traced) return;
  request.traced = undefined;
  const { span } = traced;
  const { statusCode } = reply;
  span.setAttributes({ 'http.response.status_code': statusCode, ...whoseOf(request) });
  if (statusCode >= 500) failSpan(span, String(statusCode));
  span.end();
}

function whoseOf({ principal }: FastifyRequest): Attributes {
  if (principal?.kind === 'service') return { 'clancy.service': principal.service };
  if (principal?.kind === 'agent') return { 'clancy.org_id': principal.orgId, 'clancy.employee_id': principal.employeeId };
  return principal ? { 'clancy.org_id': principal.orgId } : {};
}
