import { contentHashOf } from './content-hash.ts';
import type { EmployeeDefinition, Explanation } from '../../contracts/employee-graph.ts';
import { jsonSchema } from '../../contracts/json.ts';
import type { OrgScope, OrgTx } from '../../db/client.ts';
import { employeeVersions } from '../../db/schema/core/employee-versions.ts';
import { recordFact } from '../facts/record-fact.ts';
import type { CapabilityFacts } from './capability-facts.ts';
import type { VersionRow } from './find.ts';

export interface NewVersion {
  employeeId: string;
  version: number;
  jobDescription: string;
  definition: EmployeeDefinition;
  explanation: Explanation;
  /** What the catalogue says of the definition's capabilities now: runs of the version go by it. */
  capabilities: CapabilityFacts;
}

/** A version with its `GraphDefined` fact; neither ever changes. Who calls writes the audit row of what was asked for. */
export async function writeVersion(tx: OrgTx, scope: OrgScope, { capabilities, ...made }: NewVersion): Promise<VersionRow> {
  const contentHash = contentHashOf(made.definition);
  const [row] = await tx.db
    .insert(employeeVersions)
    .values({ orgId: tx.orgId, ...made, contentHash, createdBy: scope.actor.id })
    .returning();
  if (!row) throw new Error('the database returned no version');
  const { employeeId, version } = made;
  const data = { version, content_hash: contentHash, capabilities: jsonSchema.parse(capabilities) };
  await recordFact(tx, { kind: 'GraphDefined', employeeId, data });
  return row;
}
