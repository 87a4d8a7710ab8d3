import { agentEventAnswer, type AgentEventAnswer, type RunAnswer } from './answers/runs.ts';
import { openEventStream } from './event-stream.ts';
import { path, type Service } from './http.ts';
import { pause, type Patience } from './patience.ts';
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
  /** Told why, before each attempt to take up a broken stream again. */
  readonly onReconnect?: ((reason: string) => void) | undefined;
}

export interface RunEventDeps {
  readonly service: Service;
  readonly patience: Patience;
  readonly getRun: (runId: string) => Promise<RunAnswer>;
}

type Passing = ProblemError | UnreachableError;

export const FINAL_KINDS: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.interrupted']);
const CLOSED_STATUSES: ReadonlySet<string> = new Set(['completed', 'failed', 'interrupted']);
/** The pause that the service asks for (`retry:`) when it ends a stream, which it does now and then. */
const RESUME_AFTER_MS = 1_000;

/**
 * The events of a run up to its last one, over as many connections as it takes. The service delivers at least once;
 * here each event comes once.
 *
 * @throws ProblemError when the service refused, UnreachableError when it stayed away longer than our patience.
 */
export async function* watchRun(deps: RunEventDeps, runId: string, options: WatchOptions): AsyncGenerator<RunEvent> {
  const { patience } = deps;
  const position: Position = { lastEventId: options.lastEventId, seen: new Set() };
  let failures = 0;
  for (;;) {
    const before = position.seen.size;
    const how = yield* readOnce(deps, runId, position, options.signal);
    if (how === 'over') return;
    if (how === 'cut') {
      failures = 0;
      await pause(Math.min(RESUME_AFTER_MS, patience.longestDelayMs), options.signal);
      continue;
    }
    failures = position.seen.size > before ? 1 : failures + 1;
    if (failures > patience.attempts) throw how;
    options.onReconnect?.(how.message);
    await pause(delayMs(patience, failures, how), options.signal);
  }
}

/** Where a watch stands, over all its connections. */
interface Position {
  lastEventId: string | undefined;
  readonly seen: Set<string>;
}

/** One connection: the run is over, the service ended the stream in good order, or something broke that may heal. */
async function* readOnce(
  deps: RunEventDeps,
  runId: string,
  position: Position,
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, 'over' | 'cut' | Passing> {
  const before = position.seen.size;
  try {
    const request = { path: path`/v1/runs/${runId}/events`, lastEventId: position.lastEventId, signal };
    for await (const message of openEventStream(deps.service, request)) {
      position.lastEventId = message.id ?? position.lastEventId;
      const event = parseEvent(message.data);
      if (!event || position.seen.has(event.event_id)) continue;
      position.seen.add(event.event_id);
      yield { id: position.lastEventId ?? '', event };
      if (event.run_id === runId && FINAL_KINDS.has(event.kind)) return 'over';
    }
    // Who stands behind the last event gets an empty stream: the row tells that it was the last.
    const isOver = position.seen.size === before && CLOSED_STATUSES.has((await deps.getRun(runId)).status);
    return isOver ? 'over' : 'cut';
  } catch (error) {
    if (isPassing(error)) return error;
    throw error;
  }
}

/**
 * A run that is over, with its recorded end. The record of a run that was ended from outside trails its last event by
 * some seconds; it is waited for as long as patience says.
 */
export async function readEnd(deps: Omit<RunEventDeps, 'service'>, runId: string): Promise<RunAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const run = await deps.getRun(runId);
    if (CLOSED_STATUSES.has(run.status) || attempt > deps.patience.attempts) return run;
    await pause(delayMs(deps.patience, attempt), undefined);
  }
}

/** What may be gone a moment later. Any other refusal would be repeated word by word. */
function isPassing(error: unknown): error is Passing {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.problem.status >= 500 || error.problem.status === 429);
}

function delayMs(patience: Patience, failures: number, reason?: Passing): number {
  const asked = reason instanceof ProblemError ? (reason.retryAfterSeconds ?? 0) * 1000 : 0;
  const ours = patience.firstDelayMs * 2 ** (failures - 1);
  return Math.min(Math.max(ours, asked), patience.longestDelayMs);
}

/** What is no event of ours (a kind of message from a newer service) is skipped. */
function parseEvent(data: string): AgentEventAnswer | undefined {
  try {
    return agentEventAnswer.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
