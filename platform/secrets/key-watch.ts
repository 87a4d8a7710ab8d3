import { setTimeout as delay } from 'node:timers/promises';
import type { KeyService } from './key-service.ts';
import { missingKeks, type KekJobs } from './missing-keks.ts';

export const KEY_SERVICE_STATES = ['ok', 'away', 'keys_missing'] as const;

/**
 * `away`: the service does not answer; what is at hand serves on. `keys_missing`: data keys are wrapped with keys that the
 * configuration of this process lacks.
 */
export type KeyServiceState = (typeof KEY_SERVICE_STATES)[number];

/** An answer serves all who ask for this long: probes of a cloud's key service cost money. */
const FRESH_MS = 10_000;
const PATIENCE_MS = 2_000;

/** How the key service does, for `/health` and `/ready`. Never rejects and takes two seconds at most. */
export function createKeyWatch(deps: {
  keyService: KeyService;
  jobs: KekJobs;
  now?: () => number;
}): () => Promise<KeyServiceState> {
  const { keyService, jobs, now = () => performance.now() } = deps;
  let known: { state: Promise<KeyServiceState>; untilMs: number } | undefined;

  async function look(): Promise<KeyServiceState> {
    const [answers, missing] = await Promise.all([isThere(keyService), missingKeks(jobs, keyService).catch(() => [])]);
    if (missing.length > 0) return 'keys_missing';
    return answers ? 'ok' : 'away';
  }

  return () => {
    if (known === undefined || known.untilMs <= now()) known = { state: atMost(look()), untilMs: now() + FRESH_MS };
    return known.state;
  };
}

function isThere(keyService: KeyService): Promise<boolean> {
  return keyService.check().then(
    () => true,
    () => false,
  );
}

async function atMost(look: Promise<KeyServiceState>): Promise<KeyServiceState> {
  const ended = new AbortController();
  const late = delay<KeyServiceState>(PATIENCE_MS, 'away', { signal: ended.signal, ref: false });
  try {
    return await Promise.race([look, late]);
  } finally {
    late.catch(() => undefined);
    ended.abort();
  }
}
