import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { and, desc, eq, lt, ne, or } from 'drizzle-orm';
import { z } from 'zod';
import { SCHEDULE_STATUSES } from '../../contracts/schedule.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { schedules } from '../../db/schema/core/schedules.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { scheduleSummary, toScheduleSummary } from './views.ts';

export const listSchedulesQuery = z.strictObject({
  ...pageQuery,
  employee_id: employeeIdSchema.optional(),
  status: z.enum(SCHEDULE_STATUSES).exclude(['deleted']).optional(),
});
export const schedulePage = pageSchema(scheduleSummary);

export interface ListSchedulesDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  cursors: Cursors;
  ui: UiLinks;
  now: () => Date;
}

/** The organisation's schedules, the newest first. */
export async function listSchedules(
  deps: ListSchedulesDeps,
  orgId: string,
  query: z.infer<typeof listSchedulesQuery>,
): Promise<z.infer<typeof schedulePage>> {
  const list = `schedules|${query.employee_id ?? ''}|${query.status ?? ''}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  const rows = await deps.db.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select()
      .from(schedules)
      .where(
        and(
          eq(schedules.orgId, orgId),
          query.employee_id === undefined ? undefined : eq(schedules.employeeId, query.employee_id),
          query.status === undefined ? ne(schedules.status, 'deleted') : eq(schedules.status, query.status),
          after &&
            or(lt(schedules.createdAt, after.at), and(eq(schedules.createdAt, after.at), lt(schedules.scheduleId, after.id))),
        ),
      )
      .orderBy(desc(schedules.createdAt), desc(schedules.scheduleId))
      .limit(query.limit + 1),
  );
  const cursorOf = (row: (typeof rows)[number]): string =>
    deps.cursors.encode(list, orgId, { at: row.createdAt, id: row.scheduleId });
  const page = toPage(rows, query.limit, cursorOf);
  return { ...page, items: page.items.map((row) => toScheduleSummary(row, deps)) };
}
