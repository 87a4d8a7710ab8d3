import { randomUUID } from 'node:crypto';
import { makeSkillRunId, parseCallId, parseSkillRunId } from '../../contracts/ids.ts';
import type { OrgTx } from '../../db/client.ts';
import { hubOutbox } from '../../db/schema/hub/outbox.ts';

export interface Resolved {
  callId: string;
  /** The run that asked last. */
  runId: string;
  resolution: 'happened' | 'did_not_happen';
  /** Absent: nobody had to, ConnectHub learned it after all. */
  resolvedBy?: string;
}

/** The decision for the workflow that waits for the outcome of a call: the skill run of the run that asked last. */
export async function tellAgentCore(tx: OrgTx, { callId, runId, resolution, resolvedBy }: Resolved): Promise<void> {
  await tx.db.insert(hubOutbox).values({
    orgId: tx.orgId,
    kind: 'receipt_resolved',
    payload: {
      decision_id: randomUUID(),
      org_id: tx.orgId,
      run_id: runId,
      workflow_id: waitingWorkflow(callId, runId),
      kind: 'receipt_resolved',
      data: { call_id: callId, resolution, ...(resolvedBy !== undefined && { resolved_by: resolvedBy }) },
    },
  });
}

/** Call ids are built from the first run of a chain of retries, workflows from the run itself. */
function waitingWorkflow(callId: string, runId: string): string {
  const skillRun = parseSkillRunId(parseCallId(callId)?.skillRun ?? '');
  return skillRun ? makeSkillRunId({ ...skillRun, run: runId }) : runId;
}
