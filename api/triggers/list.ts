import { and, desc, eq, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { triggers } from '../../db/schema/core/triggers.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import { runsOfTriggers } from './find.ts';
import { toTriggerSummary, triggerDecisionSchema, triggerSummary } from './views.ts';

export const listTriggersQuery = z.strictObject({ ...pageQuery, decision: triggerDecisionSchema.optional() });
export const triggerPage = pageSchema(triggerSummary);

export interface ListTriggersDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  cursors: Cursors;
}

/** The organisation's triggers, the newest first. */
export async function listTriggers(
  deps: ListTriggersDeps,
  orgId: string,
  query: z.infer<typeof listTriggersQuery>,
): Promise<z.infer<typeof triggerPage>> {
  const list = `triggers|${query.decision ?? ''}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  return deps.db.withOrgRead({ orgId }, async (tx) => {
    const rows = await tx.db
      .select()
      .from(triggers)
      .where(
        and(
          eq(triggers.orgId, orgId),
          query.decision && eq(triggers.decision, query.decision),
          after && or(lt(triggers.at, after.at), and(eq(triggers.at, after.at), lt(triggers.triggerId, after.id))),
        ),
      )
      .orderBy(desc(triggers.at), desc(triggers.triggerId))
      .limit(query.limit + 1);
    const page = toPage(rows, query.limit, (row) => deps.cursors.encode(list, orgId, { at: row.at, id: row.triggerId }));
    const runs = await runsOfTriggers(
      tx,
      page.items.map(({ triggerId }) => triggerId),
    );
    return { ...page, items: page.items.map((row) => toTriggerSummary(row, runs)) };
  });
}
