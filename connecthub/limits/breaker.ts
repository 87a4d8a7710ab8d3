/** Requests in a row without a usable answer, after which a connection is left alone for a while. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;
/** A request that was let through to try, and of which nothing was heard: longer than any takes. */
const TRIAL_MS = 60_000;
/** Of a connection that nobody used for so long, nothing is known any more. */
const FORGOTTEN_MS = 600_000;
/** Whoever comes while another one tries. */
const LOOK_AGAIN_MS = 1_000;

/** Whether a provider can be reached over one connection. */
export interface Breaker {
  /** Milliseconds for which nothing will be let through; undefined: something will. */
  blockedMs(): number | undefined;
  /** Lets a request through, whose end is to be told, or says for how long not. */
  enter(): Passage | { blockedMs: number };
}

export interface Passage {
  /** `isUp`: the provider has answered, were it with a refusal. To be called once. */
  end(isUp: boolean): void;
}

export interface Breakers {
  of(provider: string, connectionId: string): Breaker;
  /** How many connections of each provider are left alone, those that have none left out. */
  open(): ReadonlyMap<string, number>;
}

interface Trouble {
  provider: string;
  failures: number;
  pauseMs: number;
  lastMs: number;
  /** Open until then; undefined: closed. */
  untilMs?: number;
  /** One is let through after that, and no other before this. */
  trialUntilMs?: number;
}

/**
 * A breaker for each provider and connection. Only what goes wrong on the way or inside the provider trips it: time-outs,
 * lost connections, 5xx. A refusal, 429 among them, is an answer.
 *
 * Each copy has its own and shares nothing: a copy that cannot reach a provider need not be right about the others, and
 * five requests are not much to find out. (Libraries' breakers wrap one function and let those who come during a trial wait
 * for it. Here a call must be told before it is written down whether it would go out, and for how long not.)
 *
 * @param now milliseconds that never run backwards
 */
export function createBreakers(now: () => number): Breakers {
  /** Connections with something wrong; whatever works is not kept. */
  const troubles = new Map<string, Trouble>();

  function blockedMs(key: string): number | undefined {
    const { untilMs, trialUntilMs } = troubles.get(key) ?? {};
    if (untilMs === undefined) return undefined;
    if (now() < untilMs) return untilMs - now();
    return trialUntilMs !== undefined && now() < trialUntilMs ? LOOK_AGAIN_MS : undefined;
  }

  function enter(provider: string, key: string): Passage | { blockedMs: number } {
    const blocked = blockedMs(key);
    if (blocked !== undefined) return { blockedMs: blocked };
    const trouble = troubles.get(key);
    const isTrial = trouble?.untilMs !== undefined;
    if (isTrial) trouble.trialUntilMs = now() + TRIAL_MS;
    return { end: (isUp) => (isUp ? void troubles.delete(key) : failed(provider, key, isTrial)) };
  }

  function failed(provider: string, key: string, isTrial: boolean): void {
    const trouble = troubles.get(key) ?? { provider, failures: 0, pauseMs: FIRST_PAUSE_MS, lastMs: now() };
    troubles.set(key, trouble);
    trouble.failures += 1;
    trouble.lastMs = now();
    // What was under way when it opened says nothing new.
    if (!isTrial && (trouble.untilMs !== undefined || trouble.failures < FAILURES)) return;
    if (isTrial) trouble.pauseMs = Math.min(2 * trouble.pauseMs, LONGEST_PAUSE_MS);
    trouble.untilMs = now() + trouble.pauseMs;
    delete trouble.trialUntilMs;
  }

  return {
    of: (provider, connectionId) => {
      const key = `${provider} ${connectionId}`;
      return { blockedMs: () => blockedMs(key), enter: () => enter(provider, key) };
    },
    open: () => {
      const counts = new Map<string, number>();
      for (const [key, { provider, untilMs, lastMs }] of troubles) {
        if (now() - lastMs > FORGOTTEN_MS) troubles.delete(key);
        else if (untilMs !== undefined) counts.set(provider, (counts.get(provider) ?? 0) + 1);
      }
      return counts;
    },
  };
}
