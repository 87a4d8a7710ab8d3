import type { HubDatabase } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import { KEEP_DAYS } from '../limits/horizon.ts';

/** Of each kind, in one transaction. */
const BATCH = 1_000;
/** So that a copy that is told to stop has soon done its round. */
const BATCHES_PER_ROUND = 10;
const RECEIPT_MONTHS_AHEAD = 12;

export interface CleanDeps {
  database: Pick<HubDatabase, 'jobs'>;
  logger: Pick<Logger, 'info'>;
  metrics: { cleaned(what: string, rows: number): void };
  /** Receipts are kept for so long, and until their month is over. */
  receiptRetentionDays: number;
}

/**
 * Removes what is past its time: entries of the ledger whose call ids are refused for their age, with the uses of approvals
 * and the budgets of that time; windows of rates and attempts to connect that are over; whole months of receipts. And makes
 * the coming months. Each batch is a transaction of its own, so that a copy may die at any of them, and does nothing while
 * another copy is at it.
 */
export async function cleanPast({ database: { jobs }, logger, metrics, receiptRetentionDays }: CleanDeps): Promise<void> {
  const sums = new Map<string, number>();
  const count = (what: string, rows: number): void => {
    if (rows === 0) return;
    metrics.cleaned(what, rows);
    sums.set(what, (sums.get(what) ?? 0) + rows);
  };
  await jobs.makeReceiptPartitions(RECEIPT_MONTHS_AHEAD);
  for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) {
    const cleaned = await jobs.cleanPast(KEEP_DAYS, BATCH);
    for (const { what, gone } of cleaned) count(what, gone);
    if (cleaned.every(({ gone }) => gone < BATCH)) break;
  }
  count('receipt_months', await jobs.dropReceiptMonth(receiptRetentionDays));
  if (sums.size > 0) logger.info({ removed: Object.fromEntries(sums) }, 'removed what was past its time');
}
