import { ApplicationFailure } from '@temporalio/activity';
import type { ExecutionResult } from '../../contracts/events.ts';
import type {
  AgentCoreActivities,
  Decision,
  ExpireApprovalResult,
  RecordRefusalInput,
  RequestApprovalInput,
} from '../../contracts/agent-core-activities.ts';
import type { PreparedRun } from '../../contracts/schedule.ts';

export interface AskedApproval {
  approvalId: string;
  input: RequestApprovalInput;
}

/** Agent-Core's activities over memory, idempotent as the real ones are. */
export function createFakeAgentCore() {
  const approvals = new Map<string, AskedApproval>();
  const decisions = new Map<string, Decision>();
  const reminders = new Map<string, number[]>();
  const unsignalled = new Map<string, ExpireApprovalResult>();
  const results: ExecutionResult[] = [];
  const refusals: RecordRefusalInput[] = [];
  const scheduled = new Map<string, PreparedRun>();
  const held = new Map<string, Promise<unknown>>();
  let lastSeq = 0;

  const activities: AgentCoreActivities = {
    async requestApproval(input) {
      const key = `${input.run_id} ${input.request_key} ${input.call?.ask.digest ?? ''}`;
      const known = approvals.get(key) ?? { approvalId: `approval-${approvals.size + 1}`, input };
      approvals.set(key, known);
      const expires_at = new Date(Date.now() + input.timeout_seconds * 1000).toISOString();
      return { approval_id: known.approvalId, expires_at, status: 'pending' };
    },
    async readDecision({ decision_id }) {
      const decision = decisions.get(decision_id);
      if (!decision) throw ApplicationFailure.create({ type: 'not_found', nonRetryable: true, message: 'no such decision' });
      return decision;
    },
    async expireApproval() {
      return { status: 'expired' };
    },
    async remindApproval({ approval_id, number }) {
      reminders.set(approval_id, [...(reminders.get(approval_id) ?? []), number]);
      return unsignalled.get(approval_id) ?? { status: 'pending' };
    },
    async prepareScheduledRun({ schedule_id }) {
      const prepared = scheduled.get(schedule_id);
      if (!prepared) throw ApplicationFailure.create({ type: 'ids_disagree', nonRetryable: true, message: 'no such schedule' });
      return prepared;
    },
    async recordRefusal(input) {
      refusals.push(input);
    },
    async consolidateMemory() {
      return { after: null };
    },
    async recordRunResult({ result }) {
      results.push(result);
      await held.get(result.run_id);
    },
  };

  return {
    activities,
    /** What is prepared for the instants of this schedule. */
    schedule: (scheduleId: string, prepared: PreparedRun) => void scheduled.set(scheduleId, prepared),
    approvalsOf: (runId: string) => [...approvals.values()].filter(({ input }) => input.run_id === runId),
    /** An answer that is recorded, and of which the workflow hears nothing. */
    answerWithoutSignal: (approvalId: string, answer: ExpireApprovalResult) => void unsignalled.set(approvalId, answer),
    /** Tools that models asked for and their skills do not declare. */
    refusalsOf: (runId: string) => refusals.filter(({ run_id }) => run_id === runId),
    remindersOf: (approvalId: string) => reminders.get(approvalId) ?? [],
    resultsOf: (runId: string) => results.filter(({ run_id }) => run_id === runId),
    /** Results of this run are recorded at once, and confirmed when `until` settles. */
    holdResult: (runId: string, until: Promise<unknown>) => void held.set(runId, until),
    /** Records a decision; gives the signal that announces it. */
    decide(make: (about: { decision_id: string; seq: number }) => Decision) {
      lastSeq += 1;
      const decision = make({ decision_id: `decision-${lastSeq}`, seq: lastSeq });
      decisions.set(decision.decision_id, decision);
      return { decision_id: decision.decision_id, seq: decision.seq };
    },
  };
}
