import { readFile } from 'node:fs/promises';
import { makeGraphId } from '../../contracts/ids.ts';
import { canonicalHash } from '../../contracts/digest.ts';
import { employeeDefinitionSchema, type EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { withClient } from '../../dev/postgres/databases.ts';

const EXAMPLE = new URL('../../examples/slack-digest-writer.md', import.meta.url);

/**
 * Hires an employee whose version 1 has exactly this definition. The builder makes no such graphs yet, so the draft's
 * definition is replaced by the database's owner before activation; its capabilities must be among the example's.
 */
export async function hireWith(
  client: ClancyClient,
  ownerUrl: string,
  define: (graphId: string) => EmployeeDefinition,
): Promise<string> {
  const { employee_id: id } = await client.employees.create({ jobDescription: await readFile(EXAMPLE, 'utf8') });
  const definition = employeeDefinitionSchema.parse(define(makeGraphId(id, 1)));
  await withClient(ownerUrl, (owner) =>
    owner.query('update core.employee_versions set definition = $1, content_hash = $2 where employee_id = $3', [
      JSON.stringify(definition),
      canonicalHash(definition),
      id,
    ]),
  );
  await client.employees.activate(id);
  return id;
}
