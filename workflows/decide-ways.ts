import { proxyLocalActivities } from '@temporalio/workflow';
import type { SkillNode } from '../contracts/employee-graph.ts';
import type { JsonObject } from '../contracts/json.ts';
import type {
  EvaluateEdgesInput,
  EvaluateEdgesResult,
  FirstOfWorkflow,
  WorkerActivities,
} from '../contracts/worker-activities.ts';
import { COMPUTE } from './activity-options.ts';
import { understood } from './failures.ts';
import type { OwnPlan } from './own-plan.ts';
import type { EdgeRef } from './walk.ts';

const { evaluateEdges } = proxyLocalActivities<Pick<WorkerActivities, 'evaluateEdges'>>(COMPUTE);

/** Which of the ways with a condition are taken. Ways without one need no evaluation. @throws RunFailure. */
export async function decideWays(ways: EdgeRef[], scope: JsonObject): Promise<{ [edge: string]: boolean }> {
  const edges = ways.flatMap(({ id, edge }) => (edge.when === undefined ? [] : [{ id, when: edge.when }]));
  if (edges.length === 0) return {};
  return (await evaluate({ edges, scope, inputs: {} }, 'edge conditions')).taken;
}

/**
 * The inputs of skills that start now, in one hop. Inputs without an expression stand for themselves. The plan has been
 * checked when it returns. @throws RunFailure.
 */
export async function resolveInputs(
  nodes: SkillNode[],
  scope: JsonObject,
  own: OwnPlan,
): Promise<{ [node: string]: JsonObject }> {
  const templates = Object.fromEntries(nodes.filter(({ input }) => isTemplate(input)).map(({ id, input }) => [id, input]));
  const literal = Object.fromEntries(nodes.filter(({ id }) => !Object.hasOwn(templates, id)).map(({ id, input }) => [id, input]));
  if (Object.keys(templates).length === 0) {
    await own.assert();
    return literal;
  }
  const { inputs } = await evaluate({ edges: [], scope, inputs: templates, ...own.take() }, 'skill inputs');
  return { ...literal, ...inputs };
}

async function evaluate(input: EvaluateEdgesInput & FirstOfWorkflow, summary: string): Promise<EvaluateEdgesResult> {
  try {
    return await evaluateEdges.executeWithOptions({ ...COMPUTE, summary }, [input]);
  } catch (error) {
    throw understood(error);
  }
}

function isTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('=');
  return typeof value === 'object' && value !== null && Object.values(value).some(isTemplate);
}
