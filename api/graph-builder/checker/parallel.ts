import type { Catalogue } from '../../../contracts/capability.ts';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { MicroAgent, SkillGraph } from '../../../contracts/skill-graph.ts';
import { calledBy, reachableGraphs } from '../graph-capabilities.ts';
import { isEffect, mayAsk } from './policy.ts';
import type { CheckProblem } from './problem.ts';
import { reachableFrom } from './shape.ts';
import { nodePath, referenceOf } from './walk.ts';

/**
 * Within one burst a finished branch is held until its siblings' questions are answered, so what can wait for a person
 * or for time may not stand beside anything else in the same graph.
 */
export function checkParallel(definition: EmployeeDefinition, catalogue: Catalogue): CheckProblem[] {
  return Object.entries(definition.skill_graphs).flatMap(([key, graph]) => {
    const waiting = graph.nodes.filter((node) => canWait(node, definition, catalogue));
    return waiting.flatMap((node) => {
      const other = graph.nodes.find((candidate) => candidate.id !== node.id && isBeside(graph, node.id, candidate.id));
      return other ? [parallelProblem(key, node, other)] : [];
    });
  });
}

function parallelProblem(key: string, node: MicroAgent, other: MicroAgent): CheckProblem {
  return {
    code: 'parallel_wait',
    path: nodePath(key, node.id),
    message: `${node.id} can wait for a person or for time while ${other.id} runs beside it: each would hold the other up.`,
    next: 'Put them one after the other, use a foreach, or make them separate skills.',
  };
}

function canWait(node: MicroAgent, definition: EmployeeDefinition, catalogue: Catalogue): boolean {
  const reference = referenceOf(node);
  const inner = reference === undefined ? [] : reachableGraphs(reference, definition.skill_graphs).flatMap(({ nodes }) => nodes);
  return [node, ...inner].some((agent) => {
    if (agent.kind === 'approval' || agent.kind === 'wait') return true;
    return calledBy(agent).some((name) => isEffect(name, catalogue) && mayAsk(name, definition.policy));
  });
}

/** True when neither node leads to the other and no branch chooses between them. */
function isBeside(graph: SkillGraph, one: string, other: string): boolean {
  if (reachableFrom([one], graph.edges).has(other) || reachableFrom([other], graph.edges).has(one)) return false;
  return !graph.nodes.some((node) => node.kind === 'branch' && separates(graph, node.id, one, other));
}

/** A branch separates two nodes when only its ways lead to them, and different ones. */
function separates(graph: SkillGraph, branch: string, one: string, other: string): boolean {
  const without = graph.edges.filter(({ from }) => from !== branch);
  const entries = graph.nodes.filter(({ id }) => !graph.edges.some(({ to }) => to === id)).map(({ id }) => id);
  const elsewhere = reachableFrom(entries, without);
  if (elsewhere.has(one) || elsewhere.has(other)) return false;
  const ways = graph.edges.filter(({ from }) => from === branch);
  const valuesTo = (target: string): string[] =>
    ways.filter(({ to }) => reachableFrom([to], without).has(target)).map(({ when }) => when ?? '');
  const values = valuesTo(one);
  return !valuesTo(other).some((value) => values.includes(value));
}
