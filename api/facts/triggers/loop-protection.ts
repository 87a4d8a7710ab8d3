/** Employees in a chain of causes: each was started by a fact of the one before. */
export const MAX_CHAIN = 5;
/** How often one employee may stand in a chain and be started once more: a run that failed may be answered by its own employee. */
export const MAX_RETURNS = 1;
/** Runs that may come of one cause, by all ways together. */
export const MAX_RUNS_OF_CAUSE = 50;
/** Runs of one employee that facts start within an hour: ends circles that go through a provider, where no cause can be followed. */
export const MAX_STARTS_AN_HOUR = 200;

/** What led to a fact. */
export interface Cause {
  /** Employees whose runs led to it, the first cause first; empty for a fact of no run. */
  readonly chain: readonly string[];
  /** What all of it began with. */
  readonly root: string;
  /** Runs that facts have started from this root so far. */
  readonly runsOfRoot: number;
  /** By employee: its runs that facts started within the last hour. */
  readonly startsThisHour: ReadonlyMap<string, number>;
}

/**
 * Why a fact does not start this employee, undefined where it may. `starting`: runs that the same fact starts besides.
 * With these limits whatever facts set off comes to an end, whoever is subscribed to what.
 */
export function refusalOf(cause: Cause, employeeId: string, starting: number): string | undefined {
  const { chain } = cause;
  if (chain.length > MAX_CHAIN) return `Loop protection: ${chain.length} runs led here one by one; ${MAX_CHAIN} may.`;
  if (chain.filter((id) => id === employeeId).length > MAX_RETURNS) {
    return `Loop protection: it has a part in what led here, and was started again by it already.`;
  }
  if (cause.runsOfRoot + starting >= MAX_RUNS_OF_CAUSE) {
    return `Loop protection: ${MAX_RUNS_OF_CAUSE} runs have come of one cause.`;
  }
  if ((cause.startsThisHour.get(employeeId) ?? 0) >= MAX_STARTS_AN_HOUR) {
    return `Loop protection: facts have started it ${MAX_STARTS_AN_HOUR} times within an hour.`;
  }
  return undefined;
}
