/** A stem of a text, and how many duties of the organisation have it (counted up to a limit). */
export interface KnownStem {
  stem: string;
  amount: number;
}

/** What is too little to put somebody to work by. */
export const THRESHOLD = 0.35;
/** Whoever reaches this share of the best score fits as well. */
const ABOUT_AS_WELL = 0.85;
const SHARE_OF_RANK = 0.15;
/** A telling word and a common one, or as much of common ones. */
const MIN_EVIDENCE = 1.5;
/** For a text of a word or two that the duty has, all of it. */
const MIN_OF_WHOLE = 1;

export interface Weights {
  of: ReadonlyMap<string, number>;
  total: number;
  /** Stems that the text has in all. */
  stems: number;
}

/**
 * What each stem of a text counts: a telling one 1, one that most duties have a half. Those that no duty has (names, numbers,
 * courtesies) count a half each and together no more than the others, so that a long message is not nobody's.
 */
export function weigh(stems: readonly KnownStem[], dutyCount: number, many: number): Weights {
  const isCommon = ({ amount }: KnownStem): boolean => amount > many || (dutyCount >= 4 && amount * 2 > dutyCount);
  const known = stems.filter(({ amount }) => amount > 0);
  const of = new Map(known.map((one) => [one.stem, isCommon(one) ? 0.5 : 1] as const));
  const sum = [...of.values()].reduce((total, weight) => total + weight, 0);
  const foreign = Math.min(sum, (stems.length - known.length) / 2);
  return { of, total: sum + foreign, stems: stems.length };
}

/** 0 to 1: the weight of the text that the duty covers, and how closely the duty has these words together. */
export function scoreDuty({ of, total, stems }: Weights, common: readonly string[], rank: number): number {
  const covered = common.reduce((sum, stem) => sum + (of.get(stem) ?? 0), 0);
  const isShortAndWhole = stems <= 2 && common.length === stems;
  if (total === 0 || covered < (isShortAndWhole ? MIN_OF_WHOLE : MIN_EVIDENCE)) return 0;
  const score = (1 - SHARE_OF_RANK) * (covered / total) + SHARE_OF_RANK * rank;
  return Math.round(score * 1_000) / 1_000;
}

/** Of scores in descending order: how many fit about as well as the best, if the best fits at all. */
export function countFitting(scores: readonly number[]): number {
  const best = scores[0] ?? 0;
  if (best < THRESHOLD) return 0;
  return scores.filter((score) => score >= THRESHOLD && score >= best * ABOUT_AS_WELL).length;
}
