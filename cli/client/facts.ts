import { factAnswer, factPageAnswer, type FactAnswer } from './answers/facts.ts';
import type { PageQuery } from './answers/page.ts';
import { openEventStream } from './event-stream.ts';
import { send, type Service } from './http.ts';
import { pause, type Patience } from './patience.ts';
import { ProblemError, UnreachableError } from './problem-error.ts';

export interface FactFilter {
  /** Kinds, separated by commas. */
  readonly kind?: string | undefined;
  readonly employee_id?: string | undefined;
  readonly run_id?: string | undefined;
  /** Behind the fact with this number. */
  readonly after?: number | undefined;
}

export interface FollowFacts {
  readonly signal?: AbortSignal | undefined;
  /** Told why, before each attempt to take up a broken stream again. */
  readonly onReconnect?: ((reason: string) => void) | undefined;
}

/** The pause that the service asks for (`retry:`) when it ends a stream, which it does now and then. */
const RESUME_AFTER_MS = 1_000;

/** `/v1/facts`: what happened in the organisation, in order. */
export function factsClient(api: Service, patience: Patience) {
  return {
    list: (query: PageQuery & FactFilter & { readonly since?: string | undefined; readonly order?: string | undefined } = {}) =>
      send(api, { path: '/v1/facts', query: { ...query }, answer: factPageAnswer }),
    /**
     * Facts as they happen, over as many connections as it takes, each once.
     * @throws ProblemError when the service refused, UnreachableError when it stayed away longer than our patience.
     */
    follow: (filter: FactFilter, options: FollowFacts = {}) => followFacts(api, patience, filter, options),
  };
}

async function* followFacts(
  api: Service,
  patience: Patience,
  filter: FactFilter,
  { signal, onReconnect }: FollowFacts,
): AsyncGenerator<FactAnswer> {
  let lastEventId: string | undefined;
  let failures = 0;
  for (;;) {
    if (signal?.aborted === true) return;
    try {
      for await (const message of openEventStream(api, { path: pathOf(filter), lastEventId, signal })) {
        failures = 0;
        lastEventId = message.id ?? lastEventId;
        const fact = factAnswer.safeParse(parse(message.data));
        if (fact.success) yield fact.data;
      }
      await pause(Math.min(RESUME_AFTER_MS, patience.longestDelayMs), signal);
    } catch (error) {
      failures += 1;
      if (!isPassing(error) || failures > patience.attempts) throw error;
      onReconnect?.(error.message);
      await pause(Math.min(patience.firstDelayMs * 2 ** (failures - 1), patience.longestDelayMs), signal);
    }
  }
}

function pathOf(filter: FactFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  return query.size === 0 ? '/v1/facts/events' : `/v1/facts/events?${query.toString()}`;
}

function isPassing(error: unknown): error is ProblemError | UnreachableError {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.problem.status >= 500 || error.problem.status === 429);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
