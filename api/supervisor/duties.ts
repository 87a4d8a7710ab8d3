import { and, eq, sql } from 'drizzle-orm';
import type { EmployeeGraph } from '../../contracts/employee-graph.ts';
import type { OrgTx } from '../../db/client.ts';
import { duties, dutyStems } from '../../db/schema/core/duties.ts';
import { entriesOf, withFollowers } from './entry-skills.ts';

/** Words of one duty at most: the rest would not be found by. */
const MAX_WORDS = 20_000;

/** Makes the supervisor look for an employee by the duties of this version, and of no other. */
export async function indexDuties(tx: OrgTx, employeeId: string, graph: EmployeeGraph): Promise<void> {
  await forgetDuties(tx, employeeId);
  for (const duty of wordsOfDuties(graph)) {
    await tx.db.insert(duties).values({
      orgId: tx.orgId,
      employeeId,
      nodeId: duty.nodeId,
      title: duty.title,
      words: sql`setweight(to_tsvector('english', ${duty.title}), 'A') || setweight(to_tsvector('english', ${duty.sentences}), 'B')`,
    });
  }
  await tx.db.execute(sql`
    insert into ${dutyStems} (org_id, stem, employee_id, node_id)
    select d.org_id, unnest(tsvector_to_array(d.words)), d.employee_id, d.node_id
    from ${duties} d where d.org_id = ${tx.orgId} and d.employee_id = ${employeeId}`);
}

/** An employee that starts nothing any more is not found any more. */
export async function forgetDuties(tx: OrgTx, employeeId: string): Promise<void> {
  await tx.db.delete(dutyStems).where(and(eq(dutyStems.orgId, tx.orgId), eq(dutyStems.employeeId, employeeId)));
  await tx.db.delete(duties).where(and(eq(duties.orgId, tx.orgId), eq(duties.employeeId, employeeId)));
}

/** Each node that starts by itself, with the sentences that led to it and to what follows it. */
function wordsOfDuties(graph: EmployeeGraph): { nodeId: string; title: string; sentences: string }[] {
  return entriesOf(graph).map((nodeId) => {
    const reached = withFollowers(graph, [nodeId]);
    const nodes = graph.nodes.filter(({ id }) => reached.has(id));
    const sentences = new Set(nodes.flatMap(({ provenance }) => provenance?.sentences ?? []));
    const title = nodes.map((one) => one.title).join('. ');
    return { nodeId, title, sentences: [...sentences].join(' ').slice(0, MAX_WORDS) };
  });
}
