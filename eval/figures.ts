import type { EntryScore } from './builder/score-entry.ts';
import { share, sum, type Tally } from './tally.ts';

type Part = Pick<Tally, 'got' | 'of'>;

/** A set's figures: all its entries together. */
export interface Figures {
  requirements: Part;
  forbidden: number;
  triggers: Part;
  /** Of those proposed. */
  trigger_precision: Part;
  policies: Part;
  undoable: Part;
  providers: Part;
  /** Entries whose number of skills is within its bounds. */
  skill_counts: Part;
  /** Descriptions at which the builder failed. */
  failures: number;
  build_ms: { median: number; worst: number };
}

export function figuresOf(scores: readonly EntryScore[]): Figures {
  const times = scores.map(({ buildMs }) => buildMs).toSorted((one, other) => one - other);
  const within = scores.filter(({ skills: { count, min, max } }) => count >= min && count <= max);
  return {
    requirements: sum(scores.map(({ requirements }) => requirements)),
    forbidden: scores.reduce((total, { forbidden }) => total + forbidden.length, 0),
    triggers: sum(scores.map(({ triggers }) => triggers)),
    trigger_precision: sum(scores.map(({ triggersProposed }) => triggersProposed)),
    policies: sum(scores.map(({ policies }) => policies)),
    undoable: sum(scores.map(({ undoable }) => undoable)),
    providers: sum(scores.map(({ providers }) => providers)),
    skill_counts: { got: within.length, of: scores.length },
    failures: scores.filter(({ failure }) => failure !== undefined).length,
    build_ms: { median: times[Math.floor(times.length / 2)] ?? 0, worst: times.at(-1) ?? 0 },
  };
}

/** Least share of each figure over a set. */
export const BOUNDS = { requirements: 0.95, triggers: 0.9, trigger_precision: 0.9, policies: 0.8, undoable: 0.8 } as const;
/** Building without a model, the median entry. */
export const MAX_BUILD_MS = 100;

/** What of a set is under its bound, as sentences. */
export function shortcomings(figures: Figures): string[] {
  const low = Object.entries(BOUNDS).flatMap(([name, least]) => {
    const reached = share(figures[name as keyof typeof BOUNDS]);
    return reached < least ? [`${name.replaceAll('_', ' ')} ${reached.toFixed(3)} is under ${least}`] : [];
  });
  if (figures.forbidden > 0) low.push(`${figures.forbidden} forbidden grants, none are allowed`);
  if (figures.failures > 0) low.push(`${figures.failures} descriptions made the builder fail, none may`);
  if (figures.build_ms.median > MAX_BUILD_MS)
    low.push(`building takes ${figures.build_ms.median.toFixed(0)} ms, ${MAX_BUILD_MS} at most`);
  return low;
}
