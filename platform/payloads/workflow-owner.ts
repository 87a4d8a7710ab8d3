import { parseRunId, parseSkillRunId } from '../../contracts/ids.ts';
import { parseFiredWorkflowId } from '../../contracts/schedule.ts';

/** Whose workflow it is, as far as its id tells: the organisation is found through the employee or the schedule. */
export type WorkflowOwner = { kind: 'employee'; id: string } | { kind: 'schedule'; id: string };

/** The id that a schedule's action stands under at Temporal, before an instant is appended to it. */
const SCHEDULE = /^schedule:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Undefined for a workflow that is none of ours. */
export function ownerOf(workflowId: string): WorkflowOwner | undefined {
  const run = parseRunId(parseSkillRunId(workflowId)?.run ?? workflowId);
  if (run) return { kind: 'employee', id: run.employee };
  const schedule = parseFiredWorkflowId(workflowId)?.scheduleId ?? SCHEDULE.exec(workflowId)?.[1];
  return schedule === undefined ? undefined : { kind: 'schedule', id: schedule };
}
