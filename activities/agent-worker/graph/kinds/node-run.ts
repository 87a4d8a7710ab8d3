import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import type { Json } from '../../../../contracts/json.ts';
import type { MicroAgent, MicroAgentKind } from '../../../../contracts/skill-graph.ts';
import type { BurstContext } from '../burst-context.ts';
import type { JsonObject } from '../../../../contracts/json.ts';

export type NodeOf<Kind extends MicroAgentKind> = Extract<MicroAgent, { kind: Kind }>;

/** A compiled LangGraph. */
export interface InnerGraph<State> {
  invoke(start: State, config: LangGraphRunnableConfig & { recursionLimit: number }): Promise<State>;
}

/** What a node of a skill graph is given when it runs. */
export interface NodeTask {
  context: BurstContext;
  /** Node ids from the skill's graph down to this node, joined by `/`. */
  path: string;
  /** What its expressions see. */
  scope: JsonObject;
  /** Runs a nested graph under this node, as a LangGraph subgraph. */
  runGraph: (graphId: string, input: JsonObject) => Promise<Json>;
  /** Runs steps of the node's own as a LangGraph subgraph: what they ask the world for ends the burst as well. */
  invoke: <State>(graph: InnerGraph<State>, start: State, recursionLimit: number) => Promise<State>;
}

/** Gives the node's output. Nothing with an effect may stand before it asks the world: it runs again from its top. */
export type NodeRun<Kind extends MicroAgentKind> = (node: NodeOf<Kind>, task: NodeTask) => Promise<Json>;
