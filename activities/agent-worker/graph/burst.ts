import { Command, GraphRecursionError, INTERRUPT, isInterrupted } from '@langchain/langgraph';
import { ClancyError } from '../../../contracts/errors.ts';
import type { Json } from '../../../contracts/json.ts';
import { MAX_PAYLOAD_BYTES } from '../../../contracts/run.ts';
import type { BurstCheckpoint, BurstInput, BurstResult } from '../../../contracts/burst.ts';
import type { Expressions } from '../../../platform/expressions/expressions.ts';
import { ModelUnavailable, type Model } from '../../../platform/models/structured-model.ts';
import type { BurstContext, RequestBody } from './burst-context.ts';
import { restore, save } from './checkpoint.ts';
import { compileSkill } from './compile.ts';
import { graphHash } from './graph-hash.ts';
import { endGraph, prepareInput, recursionLimitOf } from './graph-io.ts';
import { numberRequests } from './numbering.ts';
import type { Interrupted } from './numbering.ts';
import { BurstSaver } from './saver.ts';
import type { SkillStateValue } from './state.ts';

export interface BurstDeps {
  expressions: Expressions;
  model?: Model;
}

const THREAD = 'burst';

/**
 * Runs a skill's graph until it ends or needs the world. The same input gives requests with the same numbers. Expected
 * failures are a result; only what nobody foresaw is thrown.
 */
export async function runBurst(input: BurstInput, deps: BurstDeps, signal?: AbortSignal): Promise<BurstResult> {
  const context = contextOf(input, deps, signal);
  const about = { thread: input.thread, micro_agents: context.log.completed };
  const { remembered } = context.log;
  try {
    const ending = await invoke(input, context);
    const result: BurstResult = { ...about, ...(remembered.length > 0 && { remembered }), ...ending };
    assertFits(result);
    return result;
  } catch (error) {
    if (error instanceof ModelUnavailable) {
      const { retryAfterMs: retry_after_ms, message } = error;
      return { ...about, kind: 'unavailable', waiting_on: 'model', retry_after_ms, message };
    }
    const failure = asDomainError(error, input);
    if (!failure) throw error;
    return { ...about, kind: 'failed', code: failure.code, message: failure.message, path: context.log.failure?.path ?? '' };
  }
}

type Ending =
  | Pick<Extract<BurstResult, { kind: 'done' }>, 'kind' | 'output' | 'count'>
  | Pick<Extract<BurstResult, { kind: 'waiting' }>, 'kind' | 'requests' | 'checkpoint'>;

async function invoke(input: BurstInput, context: BurstContext): Promise<Ending> {
  const hash = graphHash(input.graph, input.graphs);
  const start = begin(input, hash, context);
  const saver = start.saver;
  const state: SkillStateValue & { [INTERRUPT]?: Interrupted[] } = await compileSkill(input.graph)
    .compile({ checkpointer: saver })
    .invoke(start.input, {
      configurable: { thread_id: THREAD, burst: context },
      durability: 'exit',
      recursionLimit: recursionLimitOf(input.graph),
      ...(context.signal && { signal: context.signal }),
    });
  if (isInterrupted<RequestBody>(state)) {
    const { requests, pending } = numberRequests(state[INTERRUPT], start.count);
    return { kind: 'waiting', requests, checkpoint: save(saver, { hash, count: start.count + requests.length, pending }) };
  }
  return { kind: 'done', output: await endGraph(input.graph, state, { ...context, way: [] }), count: start.count };
}

function begin(input: BurstInput, hash: string, context: BurstContext) {
  if (!input.checkpoint) {
    return { saver: new BurstSaver(), count: input.count, input: { input: prepareInput(input.graph, input.input) } };
  }
  const { saver, count, resume } = resumed(input.checkpoint, input.answers ?? {}, hash, context);
  return { saver, count, input: new Command({ resume }) };
}

/** LangGraph ignores unknown interrupt ids and gives a value that is no map to all: so the map is checked to be full. */
function resumed(checkpoint: BurstCheckpoint, answers: { [id: string]: Json }, hash: string, context: BurstContext) {
  const { saver, pending } = restore(checkpoint, hash);
  const resume: { [interruptId: string]: Json } = {};
  for (const { interruptId, requestId, path } of pending) {
    const answer = Object.hasOwn(answers, requestId) ? answers[requestId] : undefined;
    if (answer === undefined) throw new ClancyError('checkpoint_mismatch', `the burst goes on without an answer to ${requestId}`);
    resume[interruptId] = answer;
    context.answered.add(path);
  }
  if (Object.keys(answers).length !== pending.length) {
    throw new ClancyError('checkpoint_mismatch', 'the burst goes on with answers to requests it did not make');
  }
  return { saver, count: checkpoint.count, resume };
}

function contextOf(input: BurstInput, deps: BurstDeps, signal: AbortSignal | undefined): BurstContext {
  const { graphs, trigger, item, now, memory } = input;
  return {
    burst: { graphs, trigger, now, ...(item && { item }), ...(memory && { memory }) },
    expressions: deps.expressions,
    ...(deps.model && { model: deps.model }),
    way: [],
    answered: new Set(),
    log: { completed: [], remembered: [] },
    ...(signal && { signal }),
  };
}

function assertFits(result: BurstResult): void {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new ClancyError('payload_too_large', `the skill's state is ${bytes} bytes, and ${MAX_PAYLOAD_BYTES} is the limit`);
  }
}

function asDomainError(error: unknown, { graph }: BurstInput): ClancyError | undefined {
  if (error instanceof ClancyError) return error;
  if (error instanceof GraphRecursionError) {
    return new ClancyError('budget_exceeded', `the skill graph ${graph.id} took more than ${graph.max_steps} steps`, {
      cause: error,
    });
  }
  return undefined;
}
