import { z } from 'zod';
import { factSchema } from '../../contracts/facts.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { runIdSchema } from '../runs/views.ts';
import { isFactKind, readFacts, toFact, type FactFilter } from './read-facts.ts';

/** Filters of the list and of the stream; several kinds are separated by commas. */
export const factFilterQuery = {
  kind: z
    .string()
    .max(1_000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().refine(isFactKind, 'no kind of fact')).min(1))
    .optional()
    .describe('Kinds, separated by commas: RunCompleted,RunFailed'),
  employee_id: employeeIdSchema.optional(),
  run_id: runIdSchema.optional(),
};

export const listFactsQuery = z.strictObject({
  ...pageQuery,
  ...factFilterQuery,
  since: z.iso.datetime({ offset: true }).optional().describe('Not before this instant'),
  after: z.coerce.number().int().min(0).optional().describe('Behind the fact with this seq'),
  order: z.enum(['asc', 'desc']).default('asc').describe('asc: as things happened; desc: the newest first'),
});
export const factPage = pageSchema(factSchema);

type ListQuery = z.infer<typeof listFactsQuery>;

/** A page of the organisation's FactStream. What comes to stand later never stands before what was read. */
export async function listFacts(
  deps: { db: Pick<CoreDatabase, 'withOrgRead'>; cursors: Cursors },
  orgId: string,
  query: ListQuery,
): Promise<z.infer<typeof factPage>> {
  const { limit, order, cursor, after } = query;
  const filter = filterOf(query);
  const list = `facts|${JSON.stringify([order, after ?? null, query.kind, query.employee_id, query.run_id, query.since])}`;
  const behind = cursor === undefined ? undefined : Number(deps.cursors.decode(list, orgId, cursor).id);
  const range = order === 'asc' ? { after: behind ?? after } : { after, before: behind };
  const rows = await deps.db.withOrgRead({ orgId }, (tx) => readFacts(tx, filter, { ...range, order, limit: limit + 1 }));
  const page = toPage(rows, limit, (row) => deps.cursors.encode(list, orgId, { at: row.at, id: String(row.seq) }));
  return { ...page, items: page.items.map(toFact) };
}

export function filterOf(query: Pick<ListQuery, 'kind' | 'employee_id' | 'run_id'> & { since?: string | undefined }): FactFilter {
  return {
    kinds: query.kind,
    employeeId: query.employee_id,
    runId: query.run_id,
    since: query.since === undefined ? undefined : new Date(query.since),
  };
}
