import { and, eq, gt, sql } from 'drizzle-orm';
import { v5 as uuidV5 } from 'uuid';
import { callScopeOf, parseRunId } from '../../../contracts/ids.ts';
import type { OrgReadTx } from '../../../db/client.ts';
import { triggerRuns } from '../../../db/schema/core/trigger-runs.ts';
import { triggers } from '../../../db/schema/core/triggers.ts';
import { triggerOfRun } from '../../triggers/of-run.ts';
import type { FactRow } from '../read-facts.ts';
import type { Cause } from './loop-protection.ts';

/** Namespace of the ids of causes that no trigger has: runs by schedule or order, and facts of no run. */
const ROOTS = '5c1fd5c0-5d5e-4c35-8d0b-3c8bb9a6a2e4';
const HOUR_MS = 3_600_000;

/**
 * What led to a fact: the run that it is of, the trigger of that run (a retry has its first run's), the run whose fact that
 * was, and so on.
 */
export async function causeOf(tx: OrgReadTx, fact: FactRow, now: Date): Promise<Cause> {
  const { chain, root } = await chainOf(tx, fact);
  const [ofRoot] = await tx.db
    .select({ runs: sql<number>`count(*)::int` })
    .from(triggers)
    .innerJoin(triggerRuns, and(eq(triggerRuns.orgId, triggers.orgId), eq(triggerRuns.triggerId, triggers.triggerId)))
    .where(and(eq(triggers.orgId, tx.orgId), eq(triggers.causeRoot, root)));
  return { chain, root, runsOfRoot: ofRoot?.runs ?? 0, startsThisHour: await startsSince(tx, new Date(now.getTime() - HOUR_MS)) };
}

async function chainOf(tx: OrgReadTx, { factId, runId }: FactRow): Promise<Pick<Cause, 'chain' | 'root'>> {
  const employee = runId === null ? undefined : parseRunId(runId)?.employee;
  if (runId === null || employee === undefined) return { chain: [], root: uuidV5(factId, ROOTS) };
  const trigger = await triggerOfRun(tx, runId);
  const root = trigger?.causeRoot ?? uuidV5(callScopeOf(runId), ROOTS);
  return { chain: [...(trigger?.causeChain ?? []), employee], root };
}

async function startsSince(tx: OrgReadTx, since: Date): Promise<Map<string, number>> {
  const rows = await tx.db
    .select({ employeeId: triggerRuns.employeeId, runs: sql<number>`count(*)::int` })
    .from(triggers)
    .innerJoin(triggerRuns, and(eq(triggerRuns.orgId, triggers.orgId), eq(triggerRuns.triggerId, triggers.triggerId)))
    .where(and(eq(triggers.orgId, tx.orgId), eq(triggers.source, 'fact'), gt(triggers.at, since)))
    .groupBy(triggerRuns.employeeId);
  return new Map(rows.map(({ employeeId, runs }) => [employeeId, runs]));
}
