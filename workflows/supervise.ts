import type { SkillNode } from '../contracts/employee-graph.ts';
import type { SupervisorDecision } from '../contracts/events.ts';
import type { Json } from '../contracts/json.ts';
import { RunFailure } from './failures.ts';
import type { EdgeRef } from './walk.ts';

const MAX_REASON_LENGTH = 1_000;

/**
 * What the output of a supervisor's skill says of the ways out of its node. It can only choose among the ways that the
 * checked graph has: what it names besides is kept as `ignored` and leads nowhere.
 * @throws RunFailure `graph_invalid` for an output that is no decision.
 */
export function decisionOf({ id }: SkillNode, visit: number, output: Json, ways: EdgeRef[]): SupervisorDecision {
  const said = typeof output === 'object' && output !== null && !Array.isArray(output) ? output : {};
  const { next = null, reason = null, by } = said;
  const named = next === null ? [] : Array.isArray(next) ? next : [next];
  if (typeof reason !== 'string' || !named.every((one) => typeof one === 'string')) {
    throw new RunFailure('graph_invalid', `the supervisor ${id} gave no decision: its output is { next, reason }`);
  }
  const possible = new Set(ways.map(({ edge }) => edge.to));
  return {
    node: id,
    visit,
    next: [...new Set(named.filter((one) => possible.has(one)))],
    ignored: [...new Set(named.filter((one) => !possible.has(one)))].slice(0, 20),
    reason: reason.slice(0, MAX_REASON_LENGTH),
    by: by === 'model' ? 'model' : 'rules',
  };
}

/** Which ways out are taken after a decision. */
export function takenBy({ next }: SupervisorDecision, ways: EdgeRef[]): { [edge: string]: boolean } {
  return Object.fromEntries(ways.map(({ id, edge }) => [id, next.includes(edge.to)]));
}
