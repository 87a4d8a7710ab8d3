import type { EmployeeDefinition, SkillNode } from '../../../contracts/employee-graph.ts';
import { reachableGraphs } from '../graph-capabilities.ts';
import type { CheckProblem } from './problem.ts';
import { graphOf } from './walk.ts';

/** Most decisions of one supervisor in one run. */
const MAX_DECISIONS = 20;
/** What a decision is made of: a supervisor looks and chooses, it does nothing. */
const KINDS = new Set(['transform', 'branch', 'model', 'graph']);

/** A supervisor has ways to choose among, decides a bounded number of times, touches nothing and can do without a model. */
export function checkSupervisors(definition: EmployeeDefinition): CheckProblem[] {
  const supervisors = definition.graph.nodes.filter(({ type }) => type === 'supervisor');
  return supervisors.flatMap((node) => [...checkWays(node, definition), ...checkDecision(node, definition)]);
}

function checkWays(node: SkillNode, { graph }: EmployeeDefinition): CheckProblem[] {
  const ways = graph.edges.filter(({ from }) => from === node.id);
  return [
    ...(ways.length === 0
      ? [problem(node, 'leads nowhere, so that it has nothing to choose.', 'Add an edge to each skill that it may choose.')]
      : []),
    ...(ways.some(({ when }) => when !== undefined)
      ? [problem(node, 'has ways with conditions, but it chooses itself.', 'Take `when` from the edges out of it.')]
      : []),
    ...(node.max_visits > MAX_DECISIONS
      ? [problem(node, `decides up to ${node.max_visits} times; ${MAX_DECISIONS} are allowed.`, 'Lower its max_visits.')]
      : []),
  ];
}

function checkDecision(node: SkillNode, definition: EmployeeDefinition): CheckProblem[] {
  const graph = graphOf(definition, node.skill_graph);
  if (!graph) return [];
  const output = graph.output;
  const isDecision =
    typeof output === 'object' && output !== null && !Array.isArray(output) && 'next' in output && 'reason' in output;
  const nodes = reachableGraphs(graph.id, definition.skill_graphs).flatMap((one) => one.nodes);
  return [
    ...(isDecision ? [] : [problem(node, 'gives no decision.', 'Give its graph the output { next, reason }.')]),
    ...nodes
      .filter(({ kind }) => !KINDS.has(kind))
      .map(({ id, kind }) =>
        problem(node, `uses ${id} (${kind}), but a supervisor only chooses.`, 'Do it in a skill before it.'),
      ),
    ...nodes
      .filter((one) => one.kind === 'model' && one.fallback === undefined)
      .map(({ id }) => problem(node, `cannot decide without a model: ${id} has no fallback.`, 'Give the model node a fallback.')),
  ];
}

function problem(node: SkillNode, what: string, next: string): CheckProblem {
  const sentence = node.provenance?.sentences.at(-1);
  return {
    code: 'supervisor_invalid',
    path: `nodes/${node.id}`,
    ...(sentence !== undefined && { sentence }),
    message: `The supervisor ${node.id} ${what}`,
    next,
  };
}
