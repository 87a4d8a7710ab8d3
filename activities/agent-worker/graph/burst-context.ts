import { interrupt } from '@langchain/langgraph';
import { ClancyError } from '../../../contracts/errors.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { MemoryAsk, MemoryWindow } from '../../../contracts/memory.ts';
import type { BurstInput, BurstRequest } from '../../../contracts/burst.ts';
import type { Expressions } from '../../../platform/expressions/expressions.ts';
import type { Model } from '../../../platform/models/structured-model.ts';

/** A request before it is numbered. */
export type RequestBody = BurstRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'id' | 'n'>
    : never
  : never;

/** What the nodes of a burst share. Handed to them by LangGraph's `configurable`, never kept between bursts. */
export interface BurstContext {
  burst: Pick<BurstInput, 'graphs' | 'trigger' | 'item' | 'now' | 'memory'>;
  expressions: Expressions;
  model?: Model;
  /** Way of node ids to the graph that runs, outermost first. */
  way: string[];
  /** Paths whose request is answered in this burst and whose node has not taken the answer yet. */
  answered: Set<string>;
  log: BurstLog;
  signal?: AbortSignal;
}

export interface BurstLog {
  /** Paths that finished in this burst, in the order of finishing. */
  completed: string[];
  /** What graphs that ended in this burst asked to be remembered. */
  remembered: MemoryAsk[];
  /** The first failure; LangGraph hands on the error alone, without the node it came from. */
  failure?: { error: ClancyError; path: string };
}

export function pathIn(context: BurstContext, node: string): string {
  return [...context.way, node].join('/');
}

/** What expressions see (contracts/skill-graph.ts). */
export function scopeOf(context: BurstContext, state: { input: JsonObject; nodes: JsonObject }): JsonObject {
  const { trigger, item, now, memory } = context.burst;
  return {
    input: state.input,
    nodes: state.nodes,
    trigger: { ...trigger },
    now,
    memory: inScope(memory),
    ...(item && { item: item.value, index: item.index }),
  };
}

/** Of entries with the same key the skill's own counts, then the employee's. */
function inScope(memory: MemoryWindow | undefined): JsonObject {
  const values: JsonObject = Object.create(null);
  const entries = memory?.entries ?? [];
  for (const scope of ['organisation', 'employee', 'skill']) {
    for (const entry of entries) if (entry.scope === scope) values[entry.key] = entry.value;
  }
  return { entries: entries.map((entry) => ({ ...entry })), values };
}

/**
 * Asks the world and ends the burst, or hands out the answer when the burst was started with it. The request is made
 * only when there is no answer: a resumed node runs again from its top.
 */
export async function ask(context: BurstContext, path: string, make: () => Promise<RequestBody>): Promise<Json> {
  const request = context.answered.delete(path) ? { path } : await make();
  return interrupt<unknown, Json>(request);
}

/** Remembers which node failed first. */
export async function noteFailure<T>(context: BurstContext, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClancyError) context.log.failure ??= { error, path };
    throw error;
  }
}
