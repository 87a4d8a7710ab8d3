import { Piscina } from 'piscina';
import { ClancyError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { createSlots } from './slots.ts';

/** One evaluation. `locals` are laid over the scope of the batch, such as `item` and `index`. */
export type ExpressionJob = { locals?: JsonObject } & (
  | { kind: 'expression'; source: string }
  | { kind: 'template'; template: Json }
);

export type ExpressionOutcome =
  | { ok: true; value: Json | undefined }
  | { ok: false; code: 'expression_failed' | 'expression_limit'; message: string };

/**
 * JSONata, outside the event loop. Failures are `ClancyError`: `expression_failed` (wrong text, wrong types) or
 * `expression_limit` (time, memory, depth, size). An expression without a value gives null.
 */
export interface Expressions {
  evaluate(expression: string, scope: JsonObject): Promise<Json>;
  /** Strings that start with `=` are expressions, `==` starts a literal `=`; members without a value are left out. */
  resolveTemplate(template: Json, scope: JsonObject): Promise<Json>;
  /** Many evaluations over one scope in a single hop to a thread; one failure does not hide the others' values. */
  batch(jobs: ExpressionJob[], scope: JsonObject): Promise<ExpressionOutcome[]>;
  close(): Promise<void>;
}

export interface ExpressionsOptions {
  /** Threads kept ready. */
  threads?: number;
  /** For one hop, from the moment a thread is free for it. The thread is ended when it is over. */
  timeLimitMs?: number;
  /** Heap of one thread. A thread that needs more is ended. */
  memoryLimitMb?: number;
  onThreadError?: (error: Error) => void;
}

type ThreadAnswer =
  | { ok: true; json: string | undefined }
  | { ok: false; code: 'expression_failed' | 'expression_limit'; message: string };

/** Expressions on threads of their own. */
export interface ThreadedExpressions extends Expressions {
  /** How many evaluations wait for a thread. */
  queued(): number;
}

export function createExpressions(options: ExpressionsOptions = {}): ThreadedExpressions {
  const { threads = 2, timeLimitMs = 1_000, memoryLimitMb = 64 } = options;
  const pool = new Piscina<unknown, ThreadAnswer[]>({
    filename: new URL('./thread.mjs', import.meta.url).href,
    name: 'runJobs',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 },
  });
  pool.on('error', (error: Error) => options.onThreadError?.(error));
  const slots = createSlots(threads);

  async function batch(jobs: ExpressionJob[], scope: JsonObject): Promise<ExpressionOutcome[]> {
    if (jobs.length === 0) return [];
    const task = toTask(jobs, scope);
    const answers = await slots.use(async () => {
      try {
        return await pool.run(task, { signal: AbortSignal.timeout(timeLimitMs) });
      } catch (error) {
        throw asLimit(error, timeLimitMs, memoryLimitMb);
      }
    });
    return answers.map(toOutcome);
  }

  async function single(job: ExpressionJob, scope: JsonObject): Promise<Json> {
    const [outcome] = await batch([job], scope);
    return valueOf(outcome!);
  }

  return {
    evaluate: (source, scope) => single({ kind: 'expression', source }, scope),
    resolveTemplate: (template, scope) => single({ kind: 'template', template }, scope),
    batch,
    queued: slots.queued,
    close: () => pool.destroy(),
  };
}

/** The outcome's value, null where it has none. @throws ClancyError with the outcome's code. */
export function valueOf(outcome: ExpressionOutcome): Json {
  if (!outcome.ok) throw new ClancyError(outcome.code, outcome.message);
  return outcome.value ?? null;
}

function toTask(jobs: ExpressionJob[], scope: JsonObject): unknown {
  try {
    return {
      scope: JSON.stringify(scope),
      jobs: jobs.map((job) => ({
        ...(job.locals !== undefined && { locals: JSON.stringify(job.locals) }),
        ...(job.kind === 'expression'
          ? { kind: job.kind, source: job.source }
          : { kind: job.kind, template: JSON.stringify(job.template) }),
      })),
    };
  } catch (cause) {
    throw new ClancyError('expression_limit', 'the data of an expression is nested too deeply', { cause });
  }
}

function toOutcome(answer: ThreadAnswer): ExpressionOutcome {
  if (!answer.ok) return answer;
  return { ok: true, value: answer.json === undefined ? undefined : (JSON.parse(answer.json) as Json) };
}

function asLimit(error: unknown, timeLimitMs: number, memoryLimitMb: number): unknown {
  if (!(error instanceof Error)) return error;
  const code: ErrorCode = 'expression_limit';
  if (error.name === 'AbortError') {
    return new ClancyError(code, `the expression took longer than ${timeLimitMs} ms and was ended`, { cause: error });
  }
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new ClancyError(code, `the expression needed more than ${memoryLimitMb} MB and was ended`, { cause: error });
  }
  return error;
}
