import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { makeSkillRunId, parseCallId, parseSkillRunId } from '../../contracts/ids.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import { recordFact } from '../facts/record-fact.ts';
import { appendToOutbox, nextSeq } from '../outbox/append.ts';
import { findRun, isOpen, type RunRow } from '../runs/find.ts';
import { openRunOf } from '../runs/retry/chain.ts';
import { runIdSchema } from '../runs/views.ts';

export const decisionBody = z.strictObject({
  decision_id: z.uuid(),
  org_id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  run_id: runIdSchema,
  workflow_id: z.string().min(1).max(400),
  kind: z.literal('receipt_resolved'),
  data: z.strictObject({
    call_id: z.string().refine((text) => parseCallId(text) !== undefined, 'not a call id'),
    resolution: z.enum(['happened', 'did_not_happen']),
    resolved_by: z.string().max(200).optional(),
  }),
});
type DecisionBody = z.infer<typeof decisionBody>;

export interface RecordDecisionDeps {
  db: Pick<CoreDatabase, 'withOrg'>;
  wakeRelay: () => void;
}

/**
 * Takes over what a person decided at ConnectHub and carries it to the waiting workflow. The same decision twice is one.
 * @throws ClancyError `not_found`, or `ids_disagree` when the workflow is not one of the run.
 */
export async function recordDecision(deps: RecordDecisionDeps, source: string, body: DecisionBody): Promise<void> {
  const scope: OrgScope = { orgId: body.org_id, actor: { type: 'service', id: 'connecthub' }, source };
  await deps.db.withOrg(scope, (tx) => record(tx, body));
  deps.wakeRelay();
}

async function record(tx: OrgTx, body: DecisionBody): Promise<void> {
  const runOfWorkflow = parseSkillRunId(body.workflow_id)?.run ?? body.workflow_id;
  if (runOfWorkflow !== body.run_id) throw new ClancyError('ids_disagree', 'The workflow is not one of this run.');
  // ConnectHub names the run that asked last; a retry of it may wait for the same call.
  const run = await findRun(tx, (await openRunOf(tx, body.run_id)) ?? body.run_id, 'update');
  if (await isKnown(tx, body.decision_id)) return;
  const seq = await nextSeq(tx, run.runId);
  const workflowId = waitingWorkflow(run, body.workflow_id);
  await tx.db.insert(decisions).values({
    orgId: tx.orgId,
    decisionId: body.decision_id,
    runId: run.runId,
    workflowId,
    kind: body.kind,
    data: { call_id: body.data.call_id, resolution: body.data.resolution },
    decidedBy: body.data.resolved_by ?? 'connecthub',
    seq,
  });
  const { call_id, resolution } = body.data;
  await recordFact(tx, { kind: 'ReceiptResolved', employeeId: run.employeeId, runId: run.runId, data: { call_id, resolution } });
  if (isOpen(run)) {
    const payload = { workflow_id: workflowId, decision_id: body.decision_id };
    await appendToOutbox(tx, { runId: run.runId, seq, kind: 'signal', payload });
  }
  tx.audit({ action: 'receipt.resolve', objectType: 'call', objectId: call_id, allowed: true, details: { resolution } });
}

/** ConnectHub knows a call by its skill run; a skill that runs inside its run has no workflow of its own to be signalled. */
function waitingWorkflow({ runId, intent }: RunRow, skillRun: string): string {
  const parts = parseSkillRunId(skillRun);
  const node = intent.intent.graph_spec.nodes.find(({ id }) => id === parts?.node);
  return parts && node?.isolation !== 'inline' ? makeSkillRunId({ ...parts, run: runId }) : runId;
}

async function isKnown(tx: OrgTx, decisionId: string): Promise<boolean> {
  const rows = await tx.db
    .select({ id: decisions.decisionId })
    .from(decisions)
    .where(and(eq(decisions.orgId, tx.orgId), eq(decisions.decisionId, decisionId)));
  return rows.length > 0;
}
