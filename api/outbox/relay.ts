import type { CoreDatabase, OrgTx, OutboxRef } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import { systemScope } from '../http/scope.ts';
import type { OutboxClaim, OutboxRow } from './append.ts';
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
  /** Told whenever the outbox was looked at. */
  onLooked?: (() => void) | undefined;
}

export interface Relay {
  /** There is something new: look now. */
  wake(): void;
  /**
   * For a row that is about to be written: makes it this relay's from the start, to be handed to `send` after the commit.
   * Spares the claim and the reading. Undefined = busy: write it unclaimed, and `wake`.
   */
  claim(): OutboxClaim | undefined;
  /** Sends a row that was written with a claim. Should this process die before, its lease ends and another relay looks. */
  send(row: OutboxRow, handler: OutboxHandler): void;
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
  let wakes = 0;

  async function look(): Promise<void> {
    const refs = await deps.db.jobs.claimOutbox(deps.owner, MAX_IN_FLIGHT - inFlight.size, leaseMs);
    for (const ref of refs) track(deliverClaimed(deps, ref), () => true);
    deps.onLooked?.();
  }

  function track(delivery: Promise<void>, mayBeMore: () => boolean): void {
    const work = delivery.finally(() => {
      inFlight.delete(work);
      if (mayBeMore()) bell.ring();
    });
    inFlight.add(work);
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
    wake: () => {
      wakes += 1;
      bell.ring();
    },
    claim: () => (inFlight.size < MAX_IN_FLIGHT ? { owner: deps.owner, leaseMs } : undefined),
    send: (row, handler) => {
      const wakesBefore = wakes;
      // Who woke us meanwhile may have written the next message of the same run.
      track(deliver(deps, row, handler), () => wakes !== wakesBefore);
    },
    run: () => (running = loop()),
    stop: async () => {
      stopping.abort();
      bell.ring();
      await running;
    },
  };
}

async function deliverClaimed(deps: RelayDeps, ref: OutboxRef): Promise<void> {
  try {
    const row = await loadLeased(deps.db, ref, deps.owner);
    if (row) await deliver(deps, row, deps.handlers[row.kind]);
  } catch (error) {
    deps.logger.warn({ err: error, outbox_id: ref.id }, 'a message cannot be read');
  }
}

async function deliver(deps: RelayDeps, row: OutboxRow, handler: OutboxHandler): Promise<void> {
  const scope = systemScope(row.orgId, 'relay');
  try {
    const record = await handler(row);
    await deps.db.withOrg(scope, async (tx) => {
      if (await markSent(tx, row, deps.owner)) await record(tx);
    });
  } catch (error) {
    deps.logger.warn({ err: error, outbox_id: row.id, kind: row.kind, run_id: row.runId }, 'a message waits');
    await postpone(deps.db, scope, row, deps.owner, error).catch(() => undefined);
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
