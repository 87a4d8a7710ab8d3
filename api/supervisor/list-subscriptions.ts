import { and, desc, eq, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { subscriptions } from '../../db/schema/core/subscriptions.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { subscriptionView, toSubscriptionView } from './subscription-views.ts';

export const listSubscriptionsQuery = z.strictObject({
  ...pageQuery,
  employee_id: employeeIdSchema.optional(),
  status: z.enum(subscriptions.status.enumValues).optional(),
});
export const subscriptionPage = pageSchema(subscriptionView);

/** Which events start which employees of the organisation, the newest first; those that have ended too. */
export async function listSubscriptions(
  deps: { db: Pick<CoreDatabase, 'withOrgRead'>; cursors: Cursors },
  orgId: string,
  query: z.infer<typeof listSubscriptionsQuery>,
): Promise<z.infer<typeof subscriptionPage>> {
  const list = `subscriptions|${query.employee_id ?? ''}|${query.status ?? ''}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  const rows = await deps.db.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select()
      .from(subscriptions)
      .where(
        and(
          eq(subscriptions.orgId, orgId),
          query.employee_id === undefined ? undefined : eq(subscriptions.employeeId, query.employee_id),
          query.status && eq(subscriptions.status, query.status),
          after &&
            or(
              lt(subscriptions.createdAt, after.at),
              and(eq(subscriptions.createdAt, after.at), lt(subscriptions.subscriptionId, after.id)),
            ),
        ),
      )
      .orderBy(desc(subscriptions.createdAt), desc(subscriptions.subscriptionId))
      .limit(query.limit + 1),
  );
  const page = toPage(rows, query.limit, (row) =>
    deps.cursors.encode(list, orgId, { at: row.createdAt, id: row.subscriptionId }),
  );
  return { ...page, items: page.items.map(toSubscriptionView) };
}
