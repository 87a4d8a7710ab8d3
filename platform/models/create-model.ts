import { ClancyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { createOutgoingClient, OutgoingError, type OutgoingAnswer, type OutgoingClient } from '../outgoing/client.ts';
import { anthropic } from './anthropic.ts';
import { compileAnswerCheck } from './answer-check.ts';
import type { Asked, Dialect, Said } from './dialect.ts';
import { readEventStream } from './event-stream.ts';
import { openAi } from './openai.ts';
import { ModelUnavailable, type StructuredModel, type TokenUse, type ToolModel, type ToolUse } from './structured-model.ts';

export type ModelKind = 'openai' | 'anthropic';

/** Where a model is and how it is spoken to. */
export interface ModelEndpoint {
  kind: ModelKind;
  /** `https://api.openai.com/v1`, `https://api.anthropic.com`, or that of any endpoint that speaks like one of them. */
  baseUrl: string;
  /** Empty for an endpoint that wants none. Stands in a header of requests to `baseUrl`, and nowhere else. */
  apiKey: string;
  model: string;
}

export interface ModelOptions extends ModelEndpoint {
  /** For one whole answer. */
  timeoutMs?: number;
  /** Most time without a byte of the answer. Thinking is no silence where the endpoint streams. */
  silenceMs?: number;
  /** Told what an answer took, where the endpoint says so. */
  onTokens?: (use: TokenUse) => void;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_RETRY_AFTER_MS = 5_000;
/** Of an answer itself, in characters. */
export const MAX_ANSWER_CHARACTERS = 1_000_000;
/** Levels of JSON: far beyond any honest answer. */
const MAX_DEPTH = 64;
/** With what a stream puts round each word of it. */
const MAX_STREAM_BYTES = 16 * 1024 * 1024;
/** Statuses that say nothing about the question: it may be asked again. */
const PASSING = new Set([408, 409, 425, 429]);
const DIALECTS: { [kind in ModelKind]: Dialect } = { openai: openAi, anthropic };

/**
 * A model behind an endpoint that speaks like OpenAI's or like Anthropic's. It is asked once each time: the caller tries
 * again where that can be seen.
 */
export function createModel(options: ModelOptions): StructuredModel & ToolModel & { close(): Promise<void> } {
  const { kind, model, onTokens } = options;
  const dialect = DIALECTS[kind];
  // Who runs Clancy says where the model is, which may well be beside it.
  const client = createOutgoingClient({ allowLoopback: true, allowPrivate: true, maxAnswerBytes: MAX_STREAM_BYTES });

  async function ask(question: Omit<Asked, 'model'>, signal?: AbortSignal): Promise<Said> {
    const answer = await send(client, dialect, options, dialect.body({ ...question, model }), signal);
    assertAnswered(answer);
    const said = read(dialect, answer);
    if (said.tokens) onTokens?.(said.tokens);
    return said;
  }

  return {
    async answer({ instructions, data, schema, signal }) {
      const check = compileAnswerCheck(schema);
      const { text } = await ask({ instructions, data, turns: [], want: { schema } }, signal);
      return check(parsed(text));
    },
    async next({ instructions, data, turns, tools, signal }) {
      const { uses } = await ask({ instructions, data, turns, want: { tools } }, signal);
      if (uses.length === 0) throw unusable('the model used none of its tools');
      return uses.map(({ id, name, input }, at) => ({ id: id || `use_${turns.length}_${at}`, name, input: inputOf(input) }));
    },
    close: () => client.close(),
  };
}

async function send(
  client: OutgoingClient,
  dialect: Dialect,
  { baseUrl, apiKey, timeoutMs = DEFAULT_TIMEOUT_MS, silenceMs }: ModelOptions,
  body: JsonObject,
  signal: AbortSignal | undefined,
): Promise<OutgoingAnswer> {
  const url = new URL(baseUrl.replace(/\/+$/, '') + dialect.path);
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream, application/json' };
  try {
    return await client.send({
      method: 'POST',
      url,
      allowedOrigin: url.origin,
      headers: { ...headers, ...dialect.headers(apiKey) },
      body: JSON.stringify(body),
      timeoutMs,
      ...(silenceMs !== undefined && { silenceMs }),
      ...(signal && { signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof OutgoingError ? lost(error, { timeoutMs, silenceMs }) : error;
  }
}

/** Words for managers and operators; `reason` is a word of ours or a code of the client, never a part of the request. */
function lost({ reason }: OutgoingError, times: { timeoutMs: number; silenceMs: number | undefined }): Error {
  if (reason === 'und_err_res_exceeded_max_size') return tooLong();
  const said =
    reason === 'silent'
      ? `the model said nothing for ${(times.silenceMs ?? 0) / 1_000} seconds`
      : reason === 'timed_out'
        ? `the model was not done after ${times.timeoutMs / 1_000} seconds`
        : `the model did not answer (${reason})`;
  return new ModelUnavailable(said, DEFAULT_RETRY_AFTER_MS);
}

function assertAnswered({ status, headers }: OutgoingAnswer): void {
  if (status === 200) return;
  if (PASSING.has(status) || status >= 500) {
    throw new ModelUnavailable(`the model did not answer (HTTP ${status})`, retryAfterMs(headers['retry-after']));
  }
  const extra = { http_status: status };
  throw new ClancyError('model_failed', `the model refused the question (HTTP ${status})`, { extra });
}

function read(dialect: Dialect, { headers, body }: OutgoingAnswer): Said {
  const said = understood(() =>
    headers['content-type']?.startsWith('text/event-stream')
      ? dialect.readEvents(readEventStream(body))
      : dialect.readWhole(JSON.parse(body)),
  );
  if (lengthOf(said) > MAX_ANSWER_CHARACTERS) throw tooLong();
  if (!said.isWhole) throw unusable("the model's answer was cut off or withheld");
  return said;
}

/** The endpoint speaks in the forms of its kind, or it is not understood. */
function understood(readIt: () => Said): Said {
  try {
    return readIt();
  } catch {
    throw unusable('what the endpoint sent is no answer of its kind');
  }
}

function lengthOf({ text, uses }: Said): number {
  return uses.reduce((sum, { input }) => sum + input.length, text.length);
}

/** Some models wrap their JSON in a fence, whatever they are told. */
function parsed(text: string): Json {
  const bare = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text;
  try {
    const value: Json = JSON.parse(bare);
    assertShallow(value);
    return value;
  } catch (error) {
    if (error instanceof ClancyError) throw error;
    throw unusable("the model's answer is no JSON");
  }
}

/** Half a million levels fit into an answer, and the first recursive function after it would overflow. */
function assertShallow(value: Json): void {
  const open: { value: Json; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: found, depth } = next;
    if (typeof found !== 'object' || found === null) continue;
    if (depth >= MAX_DEPTH) throw unusable(`the model's answer is nested deeper than ${MAX_DEPTH} levels`);
    for (const inner of Object.values(found)) open.push({ value: inner, depth: depth + 1 });
  }
}

function inputOf(text: string): ToolUse['input'] {
  const input = parsed(text === '' ? '{}' : text);
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw unusable('the model gave a tool no object');
}

function tooLong(): ClancyError {
  return unusable(`the model's answer is longer than ${MAX_ANSWER_CHARACTERS} characters`);
}

function unusable(message: string): ClancyError {
  return new ClancyError('model_failed', message);
}

/** Seconds in the answer's `Retry-After` (RFC 9110, 10.2.3). */
function retryAfterMs(text: string | undefined): number {
  return text && /^\d{1,5}$/.test(text) ? Number(text) * 1_000 : DEFAULT_RETRY_AFTER_MS;
}
