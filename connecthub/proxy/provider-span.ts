import { SpanKind } from '@opentelemetry/api';
import { failSpan, inSpan } from '../../platform/telemetry/spans.ts';
import { OutgoingError, type OutgoingAnswer } from '../../platform/outgoing/client.ts';
import type { HttpVerb } from '../providers/definition.ts';

/** What the request is for: the capability, and the how-manieth attempt of its call. */
export interface RequestSubject {
  capability: string;
  attempt?: number;
}

interface ProviderRequest {
  provider: string;
  /** The provider's own word: a method, or a path below its API, in which ids may stand. */
  method: string;
  verb: HttpVerb;
  server: string;
  subject: RequestSubject | undefined;
}

const CLIENT_ERROR = 400;

/** A request to a provider, in a span. The provider itself hears nothing of the trace: it is somebody else's. */
export function inProviderSpan(
  { provider, method, verb, server, subject }: ProviderRequest,
  send: () => Promise<OutgoingAnswer>,
): Promise<OutgoingAnswer> {
  const attributes = {
    'http.request.method': verb,
    'server.address': server,
    'clancy.provider': provider,
    'clancy.provider.method': withoutIds(method),
    ...(subject && { 'clancy.capability': subject.capability }),
    ...(subject?.attempt !== undefined && { 'clancy.attempt': subject.attempt }),
  };
  return inSpan({ name: `${provider} ${withoutIds(method)}`, kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      const answer = await send();
      span.setAttribute('http.response.status_code', answer.status);
      if (answer.status >= CLIENT_ERROR) failSpan(span, String(answer.status));
      return answer;
    } catch (error) {
      if (error instanceof OutgoingError) span.setAttribute('clancy.outcome', error.kind);
      throw error;
    }
  });
}

/** `chat.postMessage`, `messages/…`: what comes after a slash may be an id, which a skill's parameters gave. */
export function withoutIds(method: string): string {
  const [first = '', ...more] = method.split('/');
  return more.length === 0 ? first : `${first}/…`;
}
