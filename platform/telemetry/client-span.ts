import { SpanKind, type Span } from '@opentelemetry/api';
import { activeTraceparent, inSpan, traceHeaders } from './spans.ts';

/**
 * A POST to one of our own services, which goes on with the trace. Only within a trace: what nobody asked for (keys that a
 * codec fetches) begins none.
 */
export async function postInSpan<Answer extends { status: number }>(
  url: URL,
  route: string | undefined,
  send: (headers: { traceparent?: string }) => Promise<Answer>,
): Promise<Answer> {
  if (activeTraceparent() === undefined) return send({});
  const template = route ?? url.pathname;
  const attributes = { 'http.request.method': 'POST', 'url.template': template, 'server.address': url.hostname };
  return inSpan({ name: `POST ${template}`, kind: SpanKind.CLIENT, attributes }, async (span: Span) => {
    const answer = await send(traceHeaders());
    span.setAttribute('http.response.status_code', answer.status);
    return answer;
  });
}
