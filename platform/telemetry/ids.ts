import type { Attributes } from '@opentelemetry/api';
import { isEmployeeId, parseCallId, parseRunId, parseSkillRunId } from '../../contracts/ids.ts';
import type { LogFields } from './spans.ts';

/** The ids among these that are ones of ours: what an address or a header holds is anybody's text. */
export function idsIn(values: { [name: string]: unknown }): { attributes: Attributes; logFields: LogFields } {
  const employee = idOf(values['employee_id'], isEmployeeId);
  const run_id = idOf(values['run_id'], (text) => parseRunId(text) !== undefined);
  const call_id = idOf(values['call_id'], (text) => parseCallId(text) !== undefined);
  return {
    attributes: {
      ...(employee !== undefined && { 'clancy.employee_id': employee }),
      ...(run_id !== undefined && { 'clancy.run_id': run_id }),
      ...(call_id !== undefined && { 'clancy.call_id': call_id }),
    },
    logFields: { ...(run_id !== undefined && { run_id }), ...(call_id !== undefined && { call_id }) },
  };
}

/** The run that a workflow is, or is a skill of. */
export function runOfWorkflow(workflowId: string): { run_id?: string; employee_id?: string } {
  const run_id = parseSkillRunId(workflowId)?.run ?? workflowId;
  const parts = parseRunId(run_id);
  return parts ? { run_id, employee_id: parts.employee } : {};
}

function idOf(value: unknown, isId: (text: string) => boolean): string | undefined {
  return typeof value === 'string' && isId(value) ? value : undefined;
}
