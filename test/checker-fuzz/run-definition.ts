import { ApplicationFailure } from '@temporalio/activity';
import { createEvaluateEdges } from '../../activities/agent-worker/evaluate-edges.ts';
import { runBurst } from '../../activities/agent-worker/graph/burst.ts';
import type { EmployeeDefinition, SkillNode } from '../../contracts/employee-graph.ts';
import type { ItemPart } from '../../contracts/ids.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { BurstRequest } from '../../contracts/burst.ts';
import type { SkillGraph } from '../../contracts/skill-graph.ts';
import type { Expressions } from '../../platform/expressions/expressions.ts';
import { RunFailure } from '../../workflows/failures.ts';
import { decisionOf, takenBy } from '../../workflows/supervise.ts';
import { createWalk } from '../../workflows/walk.ts';
import { NOW, type World } from './world.ts';

export interface Ended {
  /** `completed`, or the code with which the run failed. */
  code: string;
  message: string;
  visits: { [node: string]: number };
  calls: number;
}

/** More bursts than any run within its bounds has. */
const MAX_BURSTS = 20_000;
const TRIGGER = { type: 'direct_command' as const, payload: {}, source: 'test' };

/**
 * Runs an employee as the worker does: the walk of `employeeRun`, the edge conditions of `evaluateEdges`, the bursts of the
 * LangGraph compiler; only calls, people and time are the world's. Errors that nobody foresaw are thrown.
 */
export async function runDefinition(definition: EmployeeDefinition, world: World, expressions: Expressions): Promise<Ended> {
  const run = createRun(definition, world, expressions);
  try {
    await run.walk();
    return run.ended('completed', '');
  } catch (error) {
    if (error instanceof RunFailure) return run.ended(error.code, error.message);
    if (error instanceof ApplicationFailure) return run.ended(error.type ?? 'untyped', error.message);
    throw error;
  }
}

function createRun({ graph, skill_graphs: graphs }: EmployeeDefinition, world: World, expressions: Expressions) {
  const evaluateEdges = createEvaluateEdges({ expressions });
  const outputs: { [node: string]: { output: Json } } = {};
  const visits: { [node: string]: number } = {};
  let bursts = 0;

  const scope = (): JsonObject => ({ trigger: { ...TRIGGER }, skills: outputs, now: NOW });

  async function walk(): Promise<void> {
    const way = createWalk(graph);
    for (let [next] = way.ready(); next !== undefined; [next] = way.ready()) {
      const node = graph.nodes.find(({ id }) => id === next)!;
      const visit = way.start(node.id);
      visits[node.id] = visit;
      const { inputs } = await evaluateEdges({ edges: [], inputs: { [node.id]: node.input }, scope: scope() });
      const output = await thread(node, graphNamed(node.skill_graph), inputs[node.id] ?? {}, []);
      outputs[node.id] = { output };
      way.finish(node.id, await waysTaken(node, visit, output, way.waysOut(node.id)));
    }
    if (!way.isOver()) throw new Error('the walk stands still before its end');
  }

  async function waysTaken(
    node: SkillNode,
    visit: number,
    output: Json,
    ways: ReturnType<ReturnType<typeof createWalk>['waysOut']>,
  ) {
    if (node.type === 'supervisor') return takenBy(decisionOf(node, visit, output, ways), ways);
    const edges = ways.flatMap(({ id, edge }) => (edge.when === undefined ? [] : [{ id, when: edge.when }]));
    return (await evaluateEdges({ edges, inputs: {}, scope: scope() })).taken;
  }

  function graphNamed(id: string): SkillGraph {
    if (!Object.hasOwn(graphs, id)) throw new RunFailure('graph_invalid', `the plan has no skill graph ${id}`);
    return graphs[id]!;
  }

  /** Burst, requests, answers, next burst, as `workflows/burst-thread.ts` does it. */
  async function thread(
    node: SkillNode,
    skill: SkillGraph,
    input: JsonObject,
    items: ItemPart[],
    item?: { value: Json; index: number },
  ): Promise<Json> {
    let resume: object = {};
    for (;;) {
      bursts += 1;
      if (bursts > MAX_BURSTS) throw new Error('the run does not come to an end');
      const about = {
        thread: { skill_run: `run:skill:${node.id}`, items },
        graph: skill,
        graphs,
        input,
        trigger: TRIGGER,
        now: NOW,
        count: 0,
      };
      const result = await runBurst({ ...about, ...(item && { item }), ...resume }, { expressions, model: world.model });
      if (result.kind === 'done') return result.output;
      if (result.kind === 'failed') throw new RunFailure(result.code, `${result.path}: ${result.message}`);
      if (result.kind === 'unavailable') throw new Error('the model of the test is always there');
      const answers: { [id: string]: Json } = {};
      for (const request of result.requests) answers[request.id] = await answer(node, request, items);
      // What goes through history is plain JSON.
      resume = { checkpoint: JSON.parse(JSON.stringify(result.checkpoint)), answers };
    }
  }

  async function answer(node: SkillNode, request: BurstRequest, items: ItemPart[]): Promise<Json> {
    switch (request.kind) {
      case 'call':
        return callAnswer(node, request);
      case 'wait':
        return null;
      case 'approval':
        return { decision: 'approved', by: 'user_test' };
      case 'refusal':
        return { refused: { code: 'permission_missing', message: request.reason } };
      case 'foreach': {
        const body = graphNamed(request.body);
        const answers: Json[] = [];
        for (const [index, input] of request.inputs.entries()) {
          const item = { value: request.items[index] ?? null, index };
          answers.push(await thread(node, body, input, [...items, { path: request.path, index }], item));
        }
        return answers;
      }
    }
  }

  async function callAnswer(node: SkillNode, request: Extract<BurstRequest, { kind: 'call' }>): Promise<Json> {
    const answered = await world.call({ capability: request.capability, parameters: request.parameters, skill: node.id });
    if ('result' in answered) return answered.result;
    if (request.on_refused === 'continue') return { refused: { code: answered.refused, message: 'no' } };
    throw new RunFailure(answered.refused as 'policy_denied', `${request.path}: ${request.capability} was refused`);
  }

  const ended = (code: string, message: string): Ended => ({ code, message, visits, calls: world.calls() });
  return { walk, ended };
}
