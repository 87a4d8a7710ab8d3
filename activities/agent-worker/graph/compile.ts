import { END, START, StateGraph } from '@langchain/langgraph';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { ClancyError } from '../../../contracts/errors.ts';
import { canonicalHash } from '../../../contracts/digest.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { MicroAgent, SkillGraph } from '../../../contracts/skill-graph.ts';
import { noteFailure, pathIn, scopeOf } from './burst-context.ts';
import type { BurstContext } from './burst-context.ts';
import { endGraph, graphById, prepareInput, recursionLimitOf } from './graph-io.ts';
import { runNode } from './kinds/run-node.ts';
import { createRoutes } from './routes.ts';
import type { Routes } from './routes.ts';
import { SkillState } from './state.ts';
import type { SkillStateValue } from './state.ts';

const ROUTER = 'router';
/** A LangGraph node may not have the name of a channel. */
const PREFIX = 'n_';
const CACHED_GRAPHS = 200;
const MAX_NESTING = 8;

export type CompiledSkill = ReturnType<typeof build>;
const cache = new Map<string, CompiledSkill>();

/** The LangGraph of a skill graph; the same content is built once. @throws ClancyError `graph_invalid`. */
export function compileSkill(graph: SkillGraph): CompiledSkill {
  const hash = canonicalHash(graph);
  const known = cache.get(hash);
  if (known) return known;
  const built = build(graph);
  if (cache.size >= CACHED_GRAPHS) cache.delete(cache.keys().next().value ?? '');
  cache.set(hash, built);
  return built;
}

/**
 * A router and one LangGraph node per micro-agent. LangGraph's own edges cannot say "wait for all ways in, less those
 * that are never taken": so every node leads back to the router, which decides over the whole state.
 */
function build(graph: SkillGraph) {
  const routes = createRoutes(graph);
  const builder: StateGraph<typeof SkillState.spec, SkillStateValue, typeof SkillState.Update, string> = new StateGraph(
    SkillState,
  );
  builder.addNode(ROUTER, (state, config: LangGraphRunnableConfig) => route(routes, state, contextOf(config)));
  builder.addEdge(START, ROUTER);
  for (const node of graph.nodes) {
    builder.addNode(PREFIX + node.id, (state, config: LangGraphRunnableConfig) => step(node, state, config));
    builder.addEdge(PREFIX + node.id, ROUTER);
  }
  builder.addConditionalEdges(ROUTER, ({ next }) => (next.length === 0 ? END : next.map((id) => PREFIX + id)));
  return builder;
}

async function route(routes: Routes, { routes: before, finished }: SkillStateValue, context: BurstContext) {
  return noteFailure(context, context.way.join('/'), async () => {
    const { state, next } = before ? routes.advance(before, finished) : routes.begin();
    return { routes: state, next, finished: null };
  });
}

async function step(node: MicroAgent, state: SkillStateValue, config: LangGraphRunnableConfig) {
  const context = contextOf(config);
  const path = pathIn(context, node.id);
  const output = await noteFailure(context, path, () =>
    runNode(node, {
      context,
      path,
      scope: scopeOf(context, state),
      runGraph: (graphId, input) => runNested(graphId, input, { ...context, way: [...context.way, node.id] }, config),
      invoke: (graph, start, recursionLimit) => graph.invoke(start, { ...config, recursionLimit }),
    }),
  );
  context.log.completed.push(path);
  return { nodes: { [node.id]: output }, finished: [finishedOf(node, output)] };
}

/** Runs a nested graph inside the node that names it: LangGraph keeps its checkpoint under that node's task. */
async function runNested(
  graphId: string,
  input: JsonObject,
  context: BurstContext,
  config: LangGraphRunnableConfig,
): Promise<Json> {
  if (context.way.length > MAX_NESTING) {
    throw new ClancyError('budget_exceeded', `skill graphs are nested deeper than ${MAX_NESTING}`);
  }
  const graph = graphById(context.burst.graphs, graphId);
  const state = await compileSkill(graph)
    .compile()
    .invoke(
      { input: prepareInput(graph, input) },
      { ...config, recursionLimit: recursionLimitOf(graph), configurable: { ...config.configurable, burst: context } },
    );
  return endGraph(graph, state, context);
}

function finishedOf(node: MicroAgent, output: Json): { node: string; branch?: string } {
  return node.kind === 'branch' && typeof output === 'string' ? { node: node.id, branch: output } : { node: node.id };
}

/** LangGraph types `configurable` as any; `runBurst` is the only one that fills it. */
function contextOf(config: LangGraphRunnableConfig): BurstContext {
  return config.configurable?.['burst'] as BurstContext;
}
