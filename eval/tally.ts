/** So much of so much, with what is missing. */
export interface Tally {
  got: number;
  of: number;
  missed: string[];
}

export interface Item {
  /** 0, a half or 1. */
  score: number;
  /** What is said when the score is below 1. */
  missed: string;
}

export function tally(items: readonly Item[]): Tally {
  return {
    got: items.reduce((sum, { score }) => sum + score, 0),
    of: items.length,
    missed: items.filter(({ score }) => score < 1).map(({ score, missed }) => (score === 0 ? missed : `half right: ${missed}`)),
  };
}

/** All together, without what is missing. */
export function sum(tallies: readonly Tally[]): Pick<Tally, 'got' | 'of'> {
  return {
    got: tallies.reduce((total, { got }) => total + got, 0),
    of: tallies.reduce((total, { of }) => total + of, 0),
  };
}

/** Where nothing is wanted, nothing is missing. */
export function share({ got, of }: Pick<Tally, 'got' | 'of'>): number {
  return of === 0 ? 1 : got / of;
}
