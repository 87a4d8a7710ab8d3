import type { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { findTrigger, runsOfTriggers } from './find.ts';
import { toTriggerView, type triggerView } from './views.ts';

/**
 * A trigger with what became of it.
 * @throws ClancyError `not_found`
 */
export async function getTrigger(
  { db }: { db: Pick<CoreDatabase, 'withOrgRead'> },
  orgId: string,
  triggerId: string,
): Promise<z.infer<typeof triggerView>> {
  return db.withOrgRead({ orgId }, async (tx) =>
    toTriggerView(await findTrigger(tx, triggerId), await runsOfTriggers(tx, [triggerId])),
  );
}
