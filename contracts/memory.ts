import { z } from 'zod';
import { jsonSchema } from './json.ts';
import type { Json } from './json.ts';

/** Whose an entry is: everybody's in the organisation, one employee's, or one skill's (a node of one employee's graph). */
export const MEMORY_SCOPES = ['organisation', 'employee', 'skill'] as const;
export type MemoryScope = (typeof MEMORY_SCOPES)[number];

/**
 * What an entry is about. `state` is what a skill needs to go on with next time (the last message it has seen); all others are
 * knowledge: what is so, how somebody wants it, how to reach somebody, what happened.
 */
export const MEMORY_KINDS = ['fact', 'preference', 'contact', 'event', 'state'] as const;
export type MemoryKind = (typeof MEMORY_KINDS)[number];

/** Memory keeps what was learnt, never what a tool said as a whole: these bounds see to it. */
export const MAX_MEMORY_KEY = 200;
/** Bytes of JSON of one value. */
export const MAX_MEMORY_VALUE_BYTES = 4 * 1024;
/** Entries that one end of a graph, and a whole run, may ask to remember. */
export const MAX_MEMORIES_OF_GRAPH = 50;
export const MAX_MEMORIES_OF_RUN = 200;
/** What a run gets to see. */
export const MAX_WINDOW_ENTRIES = 24;
export const MAX_WINDOW_BYTES = 16 * 1024;
/** Of an entry that does not say how sure it is. */
export const DEFAULT_CONFIDENCE = 0.7;

/** Keys are read as words too: `customer.acme.payment_terms` is found by each of its parts. */
export const memoryKeySchema = z
  .string()
  .min(1)
  .max(MAX_MEMORY_KEY)
  .refine((text) => !/\p{Cc}/u.test(text), 'no control characters');
export const memoryValueSchema = jsonSchema;
export const confidenceSchema = z.number().min(0).max(1);
export const expiresInDaysSchema = z.int().min(1).max(3_650);

/** One entry as a run sees it. Data, never instructions: no policy reads it. */
export interface MemoryEntry {
  id: string;
  version: number;
  scope: MemoryScope;
  /** Of scope `skill`: the node that it belongs to. No other skill of the run sees it. */
  skill?: string;
  kind: MemoryKind;
  key: string;
  value: Json;
  confidence: number;
  /** ISO instant at which the value was written. */
  updated_at: string;
}

/** What was recalled for a run, once, at its start: the most relevant first. Bound into the ticket with the plan. */
export interface MemoryWindow {
  entries: MemoryEntry[];
}

/** Why something that a skill asked to remember is not. */
export type MemoryRefusal = 'too_large' | 'too_many' | 'invalid_key' | 'expression_failed' | 'holds_secret';

/** What a graph asked to be remembered as it ended. `path`: way of node ids to the graph within the skill's, empty for its own. */
export type MemoryAsk = { path: string; key: string } & (
  | { scope: MemoryScope; kind: MemoryKind; value: Json; confidence: number; expires_in_days?: number }
  | { refused: MemoryRefusal; message: string }
);

/** An entry that a run was given, as its row keeps it: without what it says. */
export interface UsedMemory {
  id: string;
  version: number;
}

/**
 * What came of something that a skill asked to remember. `confirmed`: it was known. `held`: a person had said otherwise, and a
 * person's word stands until a person changes it.
 */
export type WrittenMemory = { skill_run: string; path: string } & (
  | { outcome: 'created' | 'changed' | 'confirmed' | 'held'; id: string; version: number }
  | { outcome: MemoryRefusal; message: string }
);
