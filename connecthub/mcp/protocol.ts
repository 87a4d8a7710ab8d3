import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';
import { readAnswer as readHttp } from '../openapi/answers.ts';
import type { ApiRequest, ApiResult, HttpAnswer, HttpRequest } from '../providers/definition.ts';

/**
 * The Model Context Protocol over streamable HTTP, as far as tools need it (https://modelcontextprotocol.io/specification).
 * Since 2026-07-28 each request says all about itself; before, a handshake came first and may have opened a session.
 */
export const STATELESS = '2026-07-28';
export const REVISIONS = [STATELESS, '2025-11-25', '2025-06-18', '2025-03-26'] as const;
export type Revision = (typeof REVISIONS)[number];

/** How to speak to a server: the revision that it knows, and the session that it has opened, if any. */
export interface Speaking {
  revision: Revision;
  session?: string;
}

const CLIENT = { name: 'clancy', version: '1' };
/** One request, one answer: each has its own HTTP exchange, so all can have the same id. */
const ID = 1;
/** JSON-RPC 2.0, 5.1, and the protocol's own: what was asked cannot have been begun. */
const NOT_BEGUN = new Set([-32_700, -32_600, -32_601, -32_602, -32_020, -32_021, -32_022]);

/** `request.method` is the protocol's, its `body` the parameters, its `args` a `Speaking`. */
export function toHttp({ method, args, body: params = {} }: ApiRequest): HttpRequest {
  const revision = String(args['revision'] ?? STATELESS);
  const isStateless = revision === STATELESS;
  const { session, cursor } = args;
  const given = {
    ...params,
    ...(method === 'initialize' && { protocolVersion: revision, capabilities: {}, clientInfo: CLIENT }),
    ...(cursor !== undefined && { cursor }),
    ...(isStateless && { _meta: aboutItself(revision) }),
  };
  const { name } = params;
  return {
    verb: 'POST',
    path: '',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      ...(session !== undefined && { 'mcp-session-id': String(session) }),
      ...(isStateless && { 'mcp-method': method, ...(typeof name === 'string' && { 'mcp-name': name }) }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      ...(!method.startsWith('notifications/') && { id: ID }),
      method,
      ...(Object.keys(given).length > 0 && { params: given }),
    }),
  };
}

/** We offer a server nothing to ask of us: no sampling, no roots, no elicitation. */
function aboutItself(revision: string): JsonObject {
  return {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': CLIENT,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
}

const messageSchema = z.looseObject({
  id: z.literal(ID),
  result: jsonObjectSchema.optional(),
  error: z.looseObject({ code: z.number() }).optional(),
});
type Message = z.infer<typeof messageSchema>;

/** `ok`: its body has the `result`, and the `session` where one was opened. */
export function readAnswer(answer: HttpAnswer): ApiResult {
  const plain = readHttp(answer);
  if (plain.kind !== 'ok') return plain;
  // What wants no answer (RFC 9110, 15.3.3).
  if (answer.status === 202) return { kind: 'ok', body: {} };
  const message = messagesOf(answer).find((one) => one.result !== undefined || one.error !== undefined);
  if (!message) return { kind: 'uncertain', reason: 'unreadable_answer', isOver: true };
  return readMessage(message, answer.headers['mcp-session-id']);
}

function readMessage({ result, error }: Message, session: string | undefined): ApiResult {
  if (error || !result) return readError(error?.code ?? 0);
  const { resultType = 'complete' } = result;
  if (resultType !== 'complete') {
    // It asks something back before it begins; nobody here could answer.
    const reason = resultType === 'input_required' ? 'input_required' : 'unknown_result_type';
    return { kind: 'refused', code: 'provider_refused', reason, retryable: false };
  }
  const isSession = session !== undefined && /^[\x21-\x7e]{1,1000}$/.test(session);
  return { kind: 'ok', body: { result, ...(isSession && { session }) } };
}

function readError(code: number): ApiResult {
  const reason = `rpc_${Math.trunc(Math.abs(code))}`;
  if (NOT_BEGUN.has(code)) return { kind: 'refused', code: 'provider_refused', reason, retryable: false };
  return { kind: 'uncertain', reason, isOver: true };
}

/** An answer is one message, or a stream of events with one message each, the result among them. */
function messagesOf({ headers, body }: HttpAnswer): Message[] {
  const isStream = /^text\/event-stream\b/i.test(headers['content-type'] ?? '');
  const texts: string[] = isStream ? [] : [body];
  if (isStream) {
    const parser = createParser({ onEvent: ({ data }) => void texts.push(data) });
    parser.feed(`${body}\n\n`);
  }
  return texts.flatMap((text) => messageSchema.safeParse(parsed(text)).data ?? []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
