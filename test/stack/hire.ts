import { readFile } from 'node:fs/promises';
import { makeGraphId } from '../../contracts/ids.ts';
import { canonicalHash } from '../../contracts/digest.ts';
import { employeeDefinitionSchema, type EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { withClient } from '../../dev/postgres/databases.ts';

const EXAMPLE = new URL('../../examples/slack-digest-writer.md', import.meta.url);

/**
 * Hires an employee whose version 1 has exactly this definition. The builder makes no such graphs yet, so the draft's
 * definition is replaced by the database's owner before activation, and what the catalogue says of its capabilities with it.
 * Their providers must be connected (`connectAll`).
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
  await keepCatalogueOf(client, ownerUrl, id, definition.capabilities);
  await client.employees.activate(id);
  return id;
}

/** A run's plan holds what the catalogue said when the version was made. */
async function keepCatalogueOf(
  client: ClancyClient,
  ownerUrl: string,
  employeeId: string,
  capabilities: readonly string[],
): Promise<void> {
  const entries = (await client.capabilities.list()).providers.flatMap((provider) =>
    provider.capabilities.map((entry) => [`${provider.provider}/${entry.capability}`, entry] as const),
  );
  const kept = entries
    .filter(([qualified]) => capabilities.includes(qualified))
    .map(([qualified, { risk, summary_parameter }]) => [qualified, { risk, summary_parameter }]);
  await withClient(ownerUrl, (owner) =>
    owner.query(
      `update core.facts set data = jsonb_set(data, '{capabilities}', $1) where kind = 'GraphDefined' and employee_id = $2`,
      [JSON.stringify(Object.fromEntries(kept)), employeeId],
    ),
  );
}
