import { ClancyError } from '../../../contracts/errors.ts';
import type { CoreDatabase, OrgTx } from '../../../db/client.ts';
import type { Logger } from '../../../platform/logger.ts';
import { systemScope } from '../../http/scope.ts';
import type { Order } from '../../outbox/run-starter.ts';
import { createLoop, type Loop } from '../../../platform/loop.ts';
import type { StartRunsDeps } from '../../triggers/start-runs.ts';
import { readFacts } from '../read-facts.ts';
import { CONSUMER, lockCursor, moveCursor, noteFailure } from './cursor.ts';
import { EVENT_KINDS } from './events.ts';
import { takeFact } from './take-fact.ts';

const INTERVAL_MS = 500;
const ORGS_AT_ONCE = 100;
const FACTS_AT_ONCE = 200;
/** Transactions of one organisation in a row: then it is the others' turn. */
const STEPS_AT_ONCE = 50;
/** A fact that fails so often is passed over. */
const MAX_ATTEMPTS = 5;
const FIRST_RETRY_MS = 2_000;

export interface FactTriggersDeps extends StartRunsDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'jobs'>;
  logger: Pick<Logger, 'warn' | 'error'>;
  onLooked?: (() => void) | undefined;
}

/**
 * Starts whom facts concern. The place in the stream is moved on in the transaction of the trigger and its runs: killed
 * anywhere, a process has started all of them or none, and the next goes on from there. Any number of copies share the work.
 */
export function createFactTriggers(deps: FactTriggersDeps): Loop {
  return createLoop(INTERVAL_MS, (signal) =>
    triggerByFacts(deps, signal).catch((error: unknown) =>
      deps.logger.warn({ err: error }, 'facts could not be looked at for triggers'),
    ),
  );
}

/** One round over all organisations that have news. */
export async function triggerByFacts(deps: FactTriggersDeps, signal?: AbortSignal): Promise<void> {
  for (const orgId of await deps.db.jobs.orgsWithUnreadFacts(CONSUMER, ORGS_AT_ONCE)) {
    if (signal?.aborted) return;
    await lookAt(deps, orgId).catch((error: unknown) =>
      deps.logger.warn({ err: error, org_id: orgId }, "an organisation's facts could not be looked at for triggers"),
    );
  }
  deps.onLooked?.();
}

async function lookAt(deps: FactTriggersDeps, orgId: string): Promise<void> {
  for (let steps = 0; steps < STEPS_AT_ONCE; steps += 1) {
    if ((await step(deps, orgId)) === 'done') return;
  }
}

class FactFailed extends Error {
  readonly seq: number;
  constructor(seq: number, cause: unknown) {
    super(`fact ${seq} could not be decided about`, { cause });
    this.seq = seq;
  }
}

async function step(deps: FactTriggersDeps, orgId: string): Promise<'more' | 'done'> {
  const scope = systemScope(orgId, 'facts');
  try {
    const { orders, next } = await deps.db.withOrg(scope, (tx) => takeNext(tx, deps));
    for (const order of orders) deps.runStarter.committed(order);
    return next;
  } catch (error) {
    if (!(error instanceof FactFailed)) throw error;
    await deps.db.withOrg(scope, (tx) => afterFailure(tx, deps, error));
    return 'done';
  }
}

/** Passes over what concerns nobody, up to the next fact that does. */
async function takeNext(tx: OrgTx, deps: FactTriggersDeps): Promise<{ orders: Order[]; next: 'more' | 'done' }> {
  const cursor = await lockCursor(tx);
  if (!cursor) return { orders: [], next: 'done' };
  const rows = await readFacts(tx, {}, { after: cursor.seq, limit: FACTS_AT_ONCE });
  for (const fact of rows) {
    if (!EVENT_KINDS.has(fact.kind)) continue;
    const orders = await takeFact(tx, deps, fact).catch((error: unknown) => {
      throw new FactFailed(fact.seq, error);
    });
    if (!orders) continue;
    await moveCursor(tx, fact.seq);
    return { orders, next: 'more' };
  }
  const last = rows.at(-1);
  if (last) await moveCursor(tx, last.seq);
  return { orders: [], next: rows.length === FACTS_AT_ONCE ? 'more' : 'done' };
}

/** One fact must not hold up those behind it for ever: what is passed over is said, and stands in the audit. */
async function afterFailure(tx: OrgTx, { logger, now }: FactTriggersDeps, failure: FactFailed): Promise<void> {
  const cursor = await lockCursor(tx);
  if (!cursor || cursor.seq >= failure.seq) return;
  const attempts = cursor.attempts + 1;
  const { seq, cause } = failure;
  logger.error({ err: cause, org_id: tx.orgId, seq, attempts }, 'a fact could not be decided about');
  if (attempts < MAX_ATTEMPTS) {
    return noteFailure(tx, attempts, new Date(now().getTime() + FIRST_RETRY_MS * 2 ** cursor.attempts));
  }
  await moveCursor(tx, seq);
  const code = cause instanceof ClancyError ? cause.code : 'internal';
  tx.audit({ action: 'fact.pass_over', objectType: 'fact', objectId: String(seq), allowed: false, details: { code, attempts } });
}
