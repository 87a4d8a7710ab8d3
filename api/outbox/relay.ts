import type { CoreDatabase, OrgTx, OutboxRef } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import { systemScope } from '../http/scope.ts';
import type { OutboxRow } from './append.ts';
import { loadLeased, markSent, postpone } from './lease.ts';

/** Longer than any handler takes; a relay that died is succeeded after this time. */
const LEASE_MS = 15_000;
/** For rows of other copies, expired leases and pauses: our own new rows wake us. */
const INTERVAL_MS = 500;
const MAX_IN_FLIGHT = 16;

/** Sends one message; what it returns is written in the transaction that marks the message as sent. */
export type OutboxHandler = (row: OutboxRow) => Promise<(tx: OrgTx) => Promise<void>>;
export type OutboxHandlers = Record<OutboxRow['kind'], OutboxHandler>;

export interface RelayDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead' | 'jobs'>;
  handlers: OutboxHandlers;
  logger: Logger;
  /** Name of this process in leases. */
  owner: string;
  intervalMs?: number;
  leaseMs?: number;
}

export interface Relay {
  /** There is something new: look now. */
  wake(): void;
  /** Looks until `stop`. */
  run(): Promise<void>;
  /** Ends after the messages at hand. */
  stop(): Promise<void>;
}

/**
 * Carries the outbox to Temporal and Cognito: at least once, a run's messages in order. Any number of copies share the
 * work by leases; a handler must bear repetition, since a crash between sending and marking repeats.
 */
export function createRelay(deps: RelayDeps): Relay {
  const { intervalMs = INTERVAL_MS, leaseMs = LEASE_MS } = deps;
  const inFlight = new Set<Promise<void>>();
  const bell = createBell();
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const refs = await deps.db.jobs.claimOutbox(deps.owner, MAX_IN_FLIGHT - inFlight.size, leaseMs);
    for (const ref of refs) {
      const work = deliver(deps, ref).finally(() => {
        inFlight.delete(work);
        bell.ring();
      });
      inFlight.add(work);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const rung = bell.wait(intervalMs);
      if (inFlight.size < MAX_IN_FLIGHT) {
        await look().catch((error: unknown) => deps.logger.warn({ err: error }, 'the outbox cannot be read'));
      }
      if (!stopping.signal.aborted) await rung;
    }
    await Promise.all(inFlight);
  }

  return {
    wake: () => bell.ring(),
    run: () => (running = loop()),
    stop: async () => {
      stopping.abort();
      bell.ring();
      await running;
    },
  };
}

async function deliver(deps: RelayDeps, ref: OutboxRef): Promise<void> {
  const scope = systemScope(ref.orgId, 'relay');
  let row: OutboxRow | undefined;
  try {
    row = await loadLeased(deps.db, ref, deps.owner);
    if (!row) return;
    const sent = row;
    const record = await deps.handlers[row.kind](row);
    await deps.db.withOrg(scope, async (tx) => {
      if (await markSent(tx, sent, deps.owner)) await record(tx);
    });
  } catch (error) {
    deps.logger.warn({ err: error, outbox_id: ref.id, kind: row?.kind, run_id: row?.runId }, 'a message waits');
    if (row) await postpone(deps.db, scope, row, deps.owner, error).catch(() => undefined);
  }
}

/** A wait that ends when somebody rings, rings before the wait included. */
function createBell(): { ring(): void; wait(ms: number): Promise<void> } {
  let release: () => void = () => undefined;
  return {
    ring: () => release(),
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        release = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
