import { sql } from 'drizzle-orm';
import { FACT_SCHEMAS, type FactData, type FactKind } from '../../contracts/facts.ts';
import { parseRunId } from '../../contracts/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';
import type { OrgTx } from '../../db/client.ts';
import { facts } from '../../db/schema/core/facts.ts';
import { statement } from '../../db/statement.ts';

export type { FactKind } from '../../contracts/facts.ts';

export interface NewFact<K extends FactKind> {
  kind: K;
  employeeId?: string;
  runId?: string;
  data: FactData<K>;
}

/**
 * Appends to the FactStream, in the transaction of what the fact is about. Written last in it, since who appends holds the
 * stream until its commit (`number_fact`); so the transaction itself does not see the fact yet.
 *
 * @throws Error for data that break the kind's schema.
 */
export async function recordFact<K extends FactKind>(tx: OrgTx, fact: NewFact<K>): Promise<void> {
  const row = { orgId: tx.orgId, employeeId: null, runId: null, ...fact, ...checked(fact) };
  tx.lastly(() => insertFact(tx.db).execute(row));
}

/** What a fact about this run stands beside. */
export function aboutRun(runId: string): { runId: string; employeeId?: string } {
  const employeeId = parseRunId(runId)?.employee;
  return { runId, ...(employeeId !== undefined && { employeeId }) };
}

/** The same, for a fact that came from elsewhere with an id of its own and may come again. */
export async function recordFactOnce<K extends FactKind>(tx: OrgTx, factId: string, fact: NewFact<K>): Promise<void> {
  const row = { orgId: tx.orgId, factId, ...fact, ...checked(fact) };
  tx.lastly(() =>
    tx.db
      .insert(facts)
      .values(row)
      .onConflictDoNothing({ target: [facts.orgId, facts.factId] })
      .execute(),
  );
}

function checked<K extends FactKind>({ kind, data }: NewFact<K>): { schemaVersion: number; data: JsonObject } {
  const { version, data: schema } = FACT_SCHEMAS[kind];
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`a ${kind} that breaks its schema: ${wrong.join('; ')}`);
  }
  // Without the members that are not there: `undefined` has no JSON form.
  return { schemaVersion: version, data: jsonObjectSchema.parse(JSON.parse(JSON.stringify(parsed.data))) };
}

const insertFact = statement((db) =>
  db
    .insert(facts)
    .values({
      orgId: sql.placeholder('orgId'),
      kind: sql.placeholder('kind'),
      schemaVersion: sql.placeholder('schemaVersion'),
      employeeId: sql.placeholder('employeeId'),
      runId: sql.placeholder('runId'),
      data: sql.placeholder('data'),
    })
    .prepare('insert_fact'),
);
