import type { HubDatabase } from '../../db/client.ts';
import { KEEP_DAYS } from './receive.ts';
import { renewSubscriptions, type RenewDeps } from './renew.ts';

const CLEAN_BATCH = 500;

/** Asks providers again for what they tell for a while only, and deletes what has been kept long enough. */
export async function keepUpWebhooks(deps: RenewDeps & { database: HubDatabase }): Promise<void> {
  await renewSubscriptions(deps);
  await deps.database.jobs.cleanWebhookEvents(KEEP_DAYS, CLEAN_BATCH);
}
