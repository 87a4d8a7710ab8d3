import { TypedSearchAttributes } from '@temporalio/common';
import { callScopeOf } from '../../contracts/ids.ts';
import { shortSummary, type EmployeeRunInput } from '../../contracts/run.ts';
import { parseTraceparent } from '../../contracts/trace.ts';
import { RUN_TICKET_LIFETIME_SECONDS } from '../../platform/auth/run-ticket.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

export interface StartLabel {
  employeeName: string;
  /** What caused the run (W3C trace context). */
  traceparent: string | null;
}

/**
 * How a run starts: its id is the workflow's, a second start finds the first, and it lives as long as its ticket. The
 * memo lets whoever meets the id see whose it is.
 */
export function startOptions({ intent, plan }: EmployeeRunInput, label: StartLabel) {
  const trace = parseTraceparent(label.traceparent);
  const version = versionOf(intent.graph_spec.graph_id);
  const { schedule } = intent.trigger;
  const isRehearsal = plan.rehearsal === true;
  const firstRun = callScopeOf(intent.run_id);
  return {
    workflowId: intent.run_id,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    // A start that succeeds is ours for certain; one that does not is compared with what there is.
    workflowIdConflictPolicy: 'FAIL',
    workflowExecutionTimeout: RUN_TICKET_LIFETIME_SECONDS * 1_000,
    memo: { org_id: intent.org_id, execution_id: intent.execution_id },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: SEARCH_ATTRIBUTES.orgId, value: intent.org_id },
      { key: SEARCH_ATTRIBUTES.employeeId, value: intent.employee_id },
      { key: SEARCH_ATTRIBUTES.employeeVersion, value: version },
      { key: SEARCH_ATTRIBUTES.triggerType, value: intent.trigger.type },
      { key: SEARCH_ATTRIBUTES.runStatus, value: 'running' },
      ...(schedule ? [{ key: SEARCH_ATTRIBUTES.scheduleId, value: schedule.schedule_id }] : []),
    ]),
    staticSummary: shortSummary(`${isRehearsal ? 'Rehearsal: ' : ''}${label.employeeName} (v${version})`),
    staticDetails: [
      ...(isRehearsal ? ['**Rehearsal**: nothing of it changes anything at a provider'] : []),
      `**Employee** \`${intent.employee_id}\` version ${version}`,
      `**Organisation** \`${intent.org_id}\``,
      `**Trigger** ${intent.trigger.type} by \`${intent.trigger.source}\``,
      ...(firstRun === intent.run_id ? [] : [`**Retry of** \`${firstRun}\``]),
      `**Skills** ${intent.graph_spec.nodes.map(({ id }) => `\`${id}\``).join(', ')}`,
      ...(trace ? [`**Trace** \`${trace.traceId}\``] : []),
    ].join('\n\n'),
    priority: { fairnessKey: intent.org_id },
  } as const;
}

function versionOf(graphId: string): number {
  return Number(graphId.slice(graphId.lastIndexOf('_v') + 2));
}
