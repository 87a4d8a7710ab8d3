import type { AgentCoreActivities } from '../../contracts/agent-core-activities.ts';
import { asActivity } from './as-activity.ts';
import type { AgentCoreActivityDeps } from './deps.ts';
import { createConsolidateMemory, type ConsolidateMemoryDeps } from './consolidate-memory.ts';
import { createExpireApproval } from './expire-approval.ts';
import { createPrepareScheduledRun, type PrepareDeps } from './prepare-scheduled-run.ts';
import { createReadDecision } from './read-decision.ts';
import { createRecordRefusal } from './record-refusal.ts';
import { createRecordRunResult } from './record-run-result.ts';
import { createRemindApproval } from './remind-approval.ts';
import { createRequestApproval } from './request-approval.ts';

/** The activities of task queue `agent-core`: those that touch Agent-Core's database. Those that are about a run need its ticket, but for the one that makes it. */
export function createAgentCoreActivities(
  deps: AgentCoreActivityDeps & PrepareDeps & ConsolidateMemoryDeps,
): AgentCoreActivities {
  return {
    requestApproval: asActivity(deps, createRequestApproval(deps)),
    readDecision: asActivity(deps, createReadDecision(deps)),
    expireApproval: asActivity(deps, createExpireApproval(deps)),
    remindApproval: asActivity(deps, createRemindApproval(deps)),
    recordRefusal: asActivity(deps, createRecordRefusal(deps)),
    recordRunResult: asActivity(deps, createRecordRunResult(deps)),
    consolidateMemory: asActivity(deps, createConsolidateMemory(deps)),
    prepareScheduledRun: asActivity(deps, createPrepareScheduledRun(deps)),
  };
}
