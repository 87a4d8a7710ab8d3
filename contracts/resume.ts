import type { BurstCheckpoint, BurstRequest } from './burst.ts';
import type { Json } from './json.ts';
import type { MemoryAsk } from './memory.ts';
import type { SkillRunResult } from './run.ts';

/** What a retry goes on from. The ticket binds it by its digests, so that nobody slips in requests of their own. */
export interface RunResume {
  /** By skill visit: the node, and `~{k}` for its k-th visit. */
  skills: { [visit: string]: ResumedSkill };
  digests: ResumeDigests;
}

/** SHA-256 (hex) of each of `skills` (contracts/digest.ts). */
export interface ResumeDigests {
  [visit: string]: string;
}

/** How far a visit of a skill had come. */
export interface ResumedSkill {
  /** It had finished: its result is taken. */
  result?: SkillRunResult;
  /** Which of its ways out with a condition were taken, if that had been decided. */
  ways?: { [edge: string]: boolean };
  /** Its burst threads, by their place under the skill run: the empty text, or `:item:{path}:{index}`. */
  threads: { [place: string]: ResumedThread };
  micro_agents: string[];
  capabilities_used: string[];
  /** Calls of the bursts before the last one of each thread; those of the last one are asked for again. */
  calls_made: number;
  /** What graphs that had ended asked to be remembered. */
  remembered?: MemoryAsk[];
}

export interface ResumedThread {
  /** Requests numbered so far. */
  count: number;
  /** The last recorded burst; absent for an item of a `foreach` that is over. */
  last?: ResumedBurst;
}

export type ResumedBurst =
  | { kind: 'done'; output: Json; count: number }
  | { kind: 'waiting'; requests: BurstRequest[]; checkpoint: BurstCheckpoint };
