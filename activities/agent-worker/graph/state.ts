import { Annotation } from '@langchain/langgraph';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { Finished, RouteState } from './routes.ts';

/** Channels of a compiled skill graph. Everything in them is plain JSON, because it travels in Temporal's history. */
export const SkillState = Annotation.Root({
  input: Annotation<JsonObject>(),
  /** Output per node that has run. */
  nodes: Annotation<{ [node: string]: Json }>({
    reducer: (all, some) => ({ ...all, ...some }),
    default: () => ({}),
  }),
  /** Nodes that ran since the router last looked; null empties the list. */
  finished: Annotation<Finished[], Finished[] | null>({
    reducer: (all, some) => (some === null ? [] : [...all, ...some]),
    default: () => [],
  }),
  routes: Annotation<RouteState | null>(),
  next: Annotation<string[]>(),
});
export type SkillStateValue = typeof SkillState.State;
