import { and, asc, eq, sql } from 'drizzle-orm';
import { parseSkillRunId } from '../../contracts/ids.ts';
import type { RequestApprovalInput, RequestApprovalResult } from '../../contracts/agent-core-activities.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { authzRehearsals } from '../../db/schema/authz/rehearsals.ts';
import { rehearsalQuestions } from '../../db/schema/core/rehearsal-questions.ts';

export type QuestionRow = typeof rehearsalQuestions.$inferSelect;

/**
 * Notes what people would have been asked, and answers as whoever rehearses has said. A repetition finds the answer.
 * Nobody is told.
 */
export async function answerQuestion(
  tx: OrgTx,
  runId: string,
  input: RequestApprovalInput,
): Promise<Omit<RequestApprovalResult, 'approval_id'>> {
  const [terms] = await tx.db
    .select({ approvals: authzRehearsals.approvals })
    .from(authzRehearsals)
    .where(and(eq(authzRehearsals.orgId, tx.orgId), eq(authzRehearsals.runId, runId)));
  if (!terms) throw new Error('a rehearsal without its row in authz');
  const answer = terms.approvals.answer === 'approve' ? 'approved' : 'rejected';
  await tx.db
    .insert(rehearsalQuestions)
    .values({
      orgId: tx.orgId,
      runId,
      requestKey: input.request_key,
      skill: parseSkillRunId(input.workflow_id)?.node ?? '',
      question: input.question,
      // JSON's null, which is a value; the driver would write SQL's.
      details: input.details ?? sql`'null'::jsonb`,
      approvers: input.approvers,
      timeoutSeconds: input.timeout_seconds,
      answer,
    })
    .onConflictDoNothing();
  tx.audit({ action: 'approval.rehearse', objectType: 'run', objectId: runId, allowed: true, details: { answer } });
  return { expires_at: new Date().toISOString(), status: answer };
}

/** Of one rehearsal, in the order in which they came. */
export function listQuestions(tx: OrgReadTx, runId: string): Promise<QuestionRow[]> {
  return tx.db
    .select()
    .from(rehearsalQuestions)
    .where(and(eq(rehearsalQuestions.orgId, tx.orgId), eq(rehearsalQuestions.runId, runId)))
    .orderBy(asc(rehearsalQuestions.askedAt), asc(rehearsalQuestions.requestKey));
}
