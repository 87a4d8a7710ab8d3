import type { ErrorCode } from './errors.ts';
import type { RunIntent } from './events.ts';
import type { ItemPart } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { MemoryAsk, MemoryWindow } from './memory.ts';
import type { SkillGraph } from './skill-graph.ts';

/** What a burst asks of the world. `id` is unique in the burst thread and stable under repetition: `path#n`. */
export type BurstRequest =
  | {
      id: string;
      kind: 'call';
      path: string;
      n: number;
      capability: string;
      parameters: JsonObject;
      /** The node's word on a no that stands; absent = the skill fails. */
      on_refused?: 'fail' | 'continue';
    }
  | { id: string; kind: 'approval'; path: string; n: number; question: string; details: Json; timeout_seconds: number }
  | { id: string; kind: 'wait'; path: string; n: number; seconds: number }
  /** A model asked for a tool that its skill does not declare: nothing is called, and it is put on record. */
  | { id: string; kind: 'refusal'; path: string; n: number; tool: string; reason: string }
  | {
      id: string;
      kind: 'foreach';
      path: string;
      n: number;
      body: string;
      items: Json[];
      inputs: JsonObject[];
      max_parallel: number;
    };

/** Plain-JSON checkpoint of a burst thread. `graph_hash` must be that of the graph it is resumed with. */
export interface BurstCheckpoint {
  graph_hash: string;
  /** Requests numbered so far in this thread. */
  count: number;
  state: Json;
}

/** Which burst thread of which skill run: the skill's own (`items` empty) or that of a foreach item. */
export interface BurstThread {
  skill_run: string;
  items: ItemPart[];
}

export interface BurstInput {
  thread: BurstThread;
  graph: SkillGraph;
  /** Nested graphs and foreach bodies by id. */
  graphs: { [id: string]: SkillGraph };
  input: JsonObject;
  trigger: RunIntent['trigger'];
  /** Set in the body of a foreach. */
  item?: { value: Json; index: number };
  /** What the skill may see of the run's memory. */
  memory?: MemoryWindow;
  /** ISO instant of the workflow: the only clock an expression sees. */
  now: string;
  /** Requests numbered by earlier visits of this thread: numbering goes on from here when there is no checkpoint. */
  count: number;
  checkpoint?: BurstCheckpoint;
  /** What the world answered to every request of the checkpoint, by request id. */
  answers?: { [requestId: string]: Json };
}

/**
 * Self-describing, since a local activity's input does not stand in history. `micro_agents` are the paths that finished in this
 * burst, `remembered` what graphs that ended in it asked to be remembered.
 */
export type BurstResult = { thread: BurstThread; micro_agents: string[]; remembered?: MemoryAsk[] } & (
  | { kind: 'done'; output: Json; count: number }
  | { kind: 'waiting'; requests: BurstRequest[]; checkpoint: BurstCheckpoint }
  /** A model did not answer: the same burst is repeated later. */
  | { kind: 'unavailable'; waiting_on: 'model'; retry_after_ms: number; message: string }
  | { kind: 'failed'; code: ErrorCode; message: string; path: string }
);
