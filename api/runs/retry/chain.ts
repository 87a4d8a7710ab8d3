import { and, eq } from 'drizzle-orm';
import { callScopeOf, makeRunId, parseRunId } from '../../../contracts/ids.ts';
import type { OrgReadTx } from '../../../db/client.ts';
import { authzRuns } from '../../../db/schema/authz/runs.ts';

export type AuthzRunRow = typeof authzRuns.$inferSelect;

/** The runs of a chain of retries, the first one first. */
export async function readChain(tx: OrgReadTx, runId: string): Promise<AuthzRunRow[]> {
  const rows = await tx.db
    .select()
    .from(authzRuns)
    .where(and(eq(authzRuns.orgId, tx.orgId), eq(authzRuns.callScope, callScopeOf(runId))));
  return rows.toSorted((a, b) => retryOf(a.runId) - retryOf(b.runId));
}

/** The run that goes on for `runId` when it has ended: the open one of its chain, if there is one. */
export async function openRunOf(tx: OrgReadTx, runId: string): Promise<string | undefined> {
  return (await readChain(tx, runId)).find(({ status }) => status === 'open')?.runId;
}

export function nextRetryId(last: string): string {
  const parts = parseRunId(last);
  if (!parts) throw new RangeError('not a run id');
  return makeRunId({ ...parts, retry: (parts.retry ?? 0) + 1 });
}

function retryOf(runId: string): number {
  return parseRunId(runId)?.retry ?? 0;
}
