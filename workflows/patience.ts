import type { ErrorCode } from '../contracts/errors.ts';

interface Rule {
  /** How often in a row, before the skill fails with the code. */
  attempts: number;
  /** First pause; doubled each time, never shorter than what was asked for. */
  firstMs: number;
  longestMs: number;
}

/** The provider is down: five tries over about half a minute, or as it asks. */
const DOWN: Rule = { attempts: 5, firstMs: 1_000, longestMs: 60_000 };
/** The provider asks for patience, or the organisation's own quota does; both will answer: hours of it. */
const LIMITED: Rule = { attempts: 50, firstMs: 250, longestMs: 15 * 60_000 };
/** Another copy of ConnectHub is busy with the same call, or settles it. */
const BUSY: Rule = { attempts: 500, firstMs: 250, longestMs: 60_000 };
/** ConnectHub itself is away: the run waits for it, however long it takes. */
const AWAY: Rule = { attempts: Number.POSITIVE_INFINITY, firstMs: 1_000, longestMs: 60_000 };
const MODEL: Rule = { attempts: 8, firstMs: 2_000, longestMs: 120_000 };

const RULES: { [code in ErrorCode]?: Rule } = {
  provider_unavailable: DOWN,
  provider_rate_limited: LIMITED,
  calls_limited: LIMITED,
  call_in_flight: BUSY,
  call_settling: BUSY,
  dependency_unavailable: AWAY,
  // The workflow hears of it in a moment, and then waits for the end of the pause itself.
  run_paused: AWAY,
  model_failed: MODEL,
};

export interface Patience {
  /** How long to wait before the next try, in milliseconds; undefined = no more tries. */
  next(code: ErrorCode, askedMs: number): number | undefined;
}

/** Counts the tries of one call or burst, per kind of obstacle. */
export function createPatience(): Patience {
  const tried = new Map<ErrorCode, number>();
  return {
    next(code, askedMs) {
      const rule = RULES[code] ?? DOWN;
      const before = tried.get(code) ?? 0;
      if (before >= rule.attempts) return undefined;
      tried.set(code, before + 1);
      const backoff = Math.min(rule.firstMs * 2 ** Math.min(before, 20), rule.longestMs);
      return Math.max(backoff, Math.min(Math.max(askedMs, 0), 86_400_000));
    },
  };
}
