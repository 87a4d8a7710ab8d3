import type { MemoryScope } from '../../contracts/memory.ts';

/** What decides whether an entry is worth its room in a run's window. */
export interface Candidate {
  scope: MemoryScope;
  /** 0 to 1: the share of what the run is about that the entry has words of, rare words counting more. */
  relevance: number;
  confidence: number;
  /** When somebody last said so. */
  confirmedAt: Date;
  /** The skill counts on it, whatever the run is about. */
  isPinned: boolean;
}

const SHARES = { relevance: 0.55, recency: 0.2, confidence: 0.15, nearness: 0.1 } as const;
const NEARNESS = { skill: 1, employee: 0.6, organisation: 0.3 } as const satisfies Record<MemoryScope, number>;
/** After so long something counts as half as recent. */
const HALF_LIFE_MS = 30 * 24 * 60 * 60_000;
/** Nobody has been sure of it or needed it for long. */
const FADED = 0.1;

/** Below 0 = not to be recalled; those that a skill counts on come before all others. */
export function scoreMemory(candidate: Candidate, now: Date): number {
  const { scope, relevance, confidence, confirmedAt, isPinned } = candidate;
  if (confidence < FADED && !isPinned) return -1;
  const recency = 0.5 ** (Math.max(0, now.getTime() - confirmedAt.getTime()) / HALF_LIFE_MS);
  const score =
    SHARES.relevance * relevance + SHARES.recency * recency + SHARES.confidence * confidence + SHARES.nearness * NEARNESS[scope];
  return isPinned ? 1 + score : score;
}
