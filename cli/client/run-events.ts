import { setTimeout as sleep } from 'node:timers/promises';
import { agentEventAnswer, type AgentEventAnswer, type RunAnswer } from './answers/runs.ts';
import { openEventStream } from './event-stream.ts';
import { path, type Service } from './http.ts';
import { ProblemError, UnreachableError } from './problem-error.ts';

/** `id` is the stream's cursor: sent as `Last-Event-ID`, it goes on behind this event, at any copy of the API. */
export interface RunEvent {
  readonly id: string;
  readonly event: AgentEventAnswer;
}

export interface WatchOptions {
  /** Go on behind this event. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told before each attempt to take up a broken stream again. */
  readonly onReconnect?: ((reason: string) => void) | undefined;
}

/** How patiently a broken stream is taken up again: the delay doubles from the first to the longest. */
export interface Patience {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** About half a minute: longer than a copy of the API takes to be replaced. */
export const DEFAULT_PATIENCE: Patience = { attempts: 10, firstDelayMs: 250, longestDelayMs: 5_000 };

const FINAL_KINDS: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.interrupted']);
export const CLOSED_STATUSES: ReadonlySet<string> = new Set(['completed', 'failed', 'interrupted']);

export interface RunEventDeps {
  readonly service: Service;
  readonly patience: Patience;
  readonly getRun: (runId: string) => Promise<RunAnswer>;
}

/**
 * The events of a run up to its last one, over as many connections as it takes. The service delivers at least once;
 * here each event comes once.
 *
 * @throws ProblemError when the service refused, UnreachableError when it stayed away longer than our patience.
 */
export async function* watchRun(deps: RunEventDeps, runId: string, options: WatchOptions): AsyncGenerator<RunEvent> {
  const seen = new Set<string>();
  let lastEventId = options.lastEventId;
  let failures = 0;
  for (;;) {
    const before = seen.size;
    const reason = yield* oneConnection();
    if (reason === undefined) return;
    failures = seen.size > before ? 1 : failures + 1;
    if (failures > deps.patience.attempts) throw reason;
    options.onReconnect?.(reason.message);
    await sleep(delayMs(deps.patience, failures, reason), undefined, options.signal && { signal: options.signal });
  }

  /** Why the stream has to be taken up again; undefined when the run is over. */
  async function* oneConnection(): AsyncGenerator<RunEvent, ProblemError | UnreachableError | undefined> {
    const before = seen.size;
    try {
      const stream = openEventStream(deps.service, { path: path`/v1/runs/${runId}/events`, lastEventId, signal: options.signal });
      for await (const message of stream) {
        lastEventId = message.id ?? lastEventId;
        const event = parseEvent(message.data);
        if (!event || seen.has(event.event_id)) continue;
        seen.add(event.event_id);
        yield { id: lastEventId ?? '', event };
        if (event.run_id === runId && FINAL_KINDS.has(event.kind)) return undefined;
      }
      // The stream of a run whose history is gone may hold no final event: its row tells.
      const isOver = seen.size === before && CLOSED_STATUSES.has((await deps.getRun(runId)).status);
      return isOver ? undefined : new UnreachableError(deps.service.baseUrl, 'ended the stream before the run was over.');
    } catch (error) {
      if (isPassing(error)) return error;
      throw error;
    }
  }
}

/** What may be gone a moment later. Any other refusal would be repeated word by word. */
function isPassing(error: unknown): error is ProblemError | UnreachableError {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.problem.status >= 500 || error.problem.status === 429);
}

function delayMs(patience: Patience, failures: number, reason: ProblemError | UnreachableError): number {
  const asked = reason instanceof ProblemError ? (reason.retryAfterSeconds ?? 0) * 1000 : 0;
  const ours = patience.firstDelayMs * 2 ** (failures - 1);
  return Math.min(Math.max(ours, asked), patience.longestDelayMs);
}

/** What is no event of ours (a comment's echo, a kind of message from a newer service) is skipped. */
function parseEvent(data: string): AgentEventAnswer | undefined {
  try {
    return agentEventAnswer.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
