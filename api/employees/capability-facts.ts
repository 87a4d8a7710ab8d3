import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { riskSchema, type Catalogue } from '../../contracts/capability.ts';
import { qualifyCapability } from '../../contracts/ids.ts';
import type { RunPlan } from '../../contracts/run.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { facts } from '../../db/schema/core/facts.ts';

/** What a run's plan must know of each capability, as the catalogue said when the version was made. */
export type CapabilityFacts = RunPlan['capabilities'];

const storedFacts = z.record(z.string(), z.strictObject({ risk: riskSchema, summary_parameter: z.string().optional() }));
type StoredFacts = z.infer<typeof storedFacts>;

/** The catalogue's entries for these qualified capabilities. */
export function factsFromCatalogue(catalogue: Catalogue, capabilities: readonly string[]): CapabilityFacts {
  const known = catalogue.providers
    .flatMap((provider) => provider.capabilities)
    .map((entry) => [qualifyCapability(entry.provider, entry.capability), entry] as const)
    .filter(([id]) => capabilities.includes(id));
  return toFacts(Object.fromEntries(known.map(([id, { risk, summary_parameter }]) => [id, { risk, summary_parameter }])));
}

/** Without the members that are not there: `undefined` has no JSON form. */
function toFacts(stored: StoredFacts): CapabilityFacts {
  return Object.fromEntries(
    Object.entries(stored).map(([id, { risk, summary_parameter }]) => [
      id,
      { risk, ...(summary_parameter !== undefined && { summary_parameter }) },
    ]),
  );
}

/** Versions remembered per process: they never change. */
const MAX_REMEMBERED = 1_000;

export type CapabilityFactsReader = (tx: OrgReadTx, employeeId: string, version: number) => Promise<CapabilityFacts>;

/** Reads them back from the version's `GraphDefined` fact, where the catalogue of that moment is kept. */
export function createCapabilityFactsReader(): CapabilityFactsReader {
  const remembered = new Map<string, CapabilityFacts>();
  return async (tx, employeeId, version) => {
    const key = `${tx.orgId}|${employeeId}|${version}`;
    const known = remembered.get(key);
    if (known) return known;
    const read = await readFacts(tx, employeeId, version);
    remembered.set(key, read);
    const oldest = remembered.keys().next();
    if (remembered.size > MAX_REMEMBERED && !oldest.done) remembered.delete(oldest.value);
    return read;
  };
}

async function readFacts(tx: OrgReadTx, employeeId: string, version: number): Promise<CapabilityFacts> {
  const [row] = await tx.db
    .select({ capabilities: sql<unknown>`${facts.data} -> 'capabilities'` })
    .from(facts)
    .where(
      and(
        eq(facts.orgId, tx.orgId),
        eq(facts.kind, 'GraphDefined'),
        eq(facts.employeeId, employeeId),
        sql`(${facts.data} ->> 'version')::int = ${version}`,
      ),
    )
    .limit(1);
  return toFacts(storedFacts.parse(row?.capabilities ?? {}));
}
