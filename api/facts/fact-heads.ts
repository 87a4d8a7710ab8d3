import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { pause } from '../../platform/pause.ts';

/** How often all streams that somebody follows are looked at, with one query. */
const INTERVAL_MS = 250;
/** Followers in one copy, and of one organisation among them. */
const MAX_FOLLOWERS = 1_000;
const MAX_PER_ORG = 50;

export interface FactHeads {
  /**
   * Whoever follows an organisation's stream, until `stop`.
   * @throws ClancyError `dependency_unavailable` when as many follow as may.
   */
  follow(orgId: string): Following;
}

export interface Following {
  /** Settles once the stream goes on behind this number, or on `signal`. */
  behind(seq: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

interface Watched {
  followers: number;
  head: number;
  bells: Set<() => void>;
}

interface FactHeadsDeps {
  db: { jobs: Pick<CoreDatabase['jobs'], 'factHeads'> };
  logger: { warn(details: object, message: string): void };
  intervalMs?: number;
  maxFollowers?: number;
  maxPerOrg?: number;
}

/**
 * Wakes followers of FactStreams. One query for all of a copy's streams at each interval, while there are any: NOTIFY would
 * hold a lock of the whole database server at each commit that uses it, in the way of every organisation's runs, and is lost
 * at poolers that keep no sessions.
 */
export function createFactHeads(deps: FactHeadsDeps): FactHeads {
  const { intervalMs = INTERVAL_MS, maxFollowers = MAX_FOLLOWERS, maxPerOrg = MAX_PER_ORG } = deps;
  const watched = new Map<string, Watched>();
  let followers = 0;
  let polling: AbortController | undefined;

  async function poll({ signal }: AbortController): Promise<void> {
    while (!signal.aborted) {
      await look().catch((error: unknown) => deps.logger.warn({ err: error }, 'the heads of FactStreams could not be read'));
      await pause(intervalMs, signal);
    }
  }
  async function look(): Promise<void> {
    for (const { orgId, seq } of await deps.db.jobs.factHeads([...watched.keys()])) {
      const one = watched.get(orgId);
      if (!one || seq <= one.head) continue;
      one.head = seq;
      for (const ring of one.bells) ring();
    }
  }

  return {
    follow: (orgId) => {
      const one = watched.get(orgId) ?? { followers: 0, head: 0, bells: new Set() };
      if (followers >= maxFollowers || one.followers >= maxPerOrg) throw tooMany();
      one.followers += 1;
      followers += 1;
      watched.set(orgId, one);
      if (!polling) void poll((polling = new AbortController()));
      let isFollowing = true;
      return {
        behind: (seq, signal) => settleBehind(one, seq, signal),
        stop: () => {
          if (!isFollowing) return;
          isFollowing = false;
          one.followers -= 1;
          followers -= 1;
          if (one.followers === 0) watched.delete(orgId);
          if (followers > 0) return;
          polling?.abort();
          polling = undefined;
        },
      };
    },
  };
}

async function settleBehind(one: Watched, seq: number, signal: AbortSignal): Promise<void> {
  while (one.head <= seq && !signal.aborted) {
    await new Promise<void>((resolve) => {
      const ring = (): void => {
        one.bells.delete(ring);
        signal.removeEventListener('abort', ring);
        resolve();
      };
      one.bells.add(ring);
      signal.addEventListener('abort', ring, { once: true });
    });
  }
}

function tooMany(): ClancyError {
  return new ClancyError('dependency_unavailable', 'Too many follow the FactStream here.', {
    retryAfterMs: 5_000,
    next: 'Close streams that nobody reads, or try again in a moment: another copy may have room.',
  });
}
