/**
 * How much must have been seen before something is suggested. Few cases say nothing: below these numbers the figures are shown
 * and nothing is made of them.
 */
export const THRESHOLDS = {
  /** A skill that fails: it ran so often, failed so often, and that is at least this share. */
  failing_skill: { runs: 5, failed: 3, share: 0.3 },
  /** Always approved as asked: so often, and never otherwise. */
  always_approved: { decided: 20 },
  /** Mostly rejected. */
  often_rejected: { decided: 5, share: 0.5 },
  /** Answers that take long: so many, half of them longer than this. */
  slow_approvals: { decided: 5, median_hours: 4 },
  /** Put to work so long ago, and not one run in the window. */
  unused_employee: { days: 14 },
  /** So many runs ended, and the skill was in none. */
  unused_skill: { runs: 10 },
  /** Runs that end for one reason that a manager can remove: a scope, a grant, a connection. */
  refused_calls: { runs: 3 },
  /** Calls that the provider refuses. */
  refused_by_provider: { calls: 5, share: 0.5 },
} as const;
