import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { ExecutionResult, RunIntent } from '../contracts/events.ts';
import type { SkillRunInput } from '../contracts/run.ts';

export type RunStatus = 'running' | 'paused' | ExecutionResult['status'];

/**
 * The attributes by which operators find a skill run. Ids only: they are never encrypted. Agent-Core gives the run its own
 * when it starts it.
 */
export function skillAttributes(intent: RunIntent, { employee_version, node }: SkillRunInput) {
  return [
    { key: { name: 'OrgId', type: 'KEYWORD' as const }, value: intent.org_id },
    { key: { name: 'EmployeeId', type: 'KEYWORD' as const }, value: intent.employee_id },
    { key: { name: 'EmployeeVersion', type: 'INT' as const }, value: employee_version },
    { key: { name: 'TriggerType', type: 'KEYWORD' as const }, value: intent.trigger.type },
    { key: { name: 'RunStatus', type: 'KEYWORD' as const }, value: 'running' satisfies RunStatus },
    { key: { name: 'SkillId', type: 'KEYWORD' as const }, value: node.id },
    ...scheduleAttribute(intent),
  ];
}

/** The same for a run that a schedule's workflow starts: those that Agent-Core gives to the runs that it starts itself. */
export function runAttributes(intent: RunIntent, version: number) {
  return [
    { key: { name: 'OrgId', type: 'KEYWORD' as const }, value: intent.org_id },
    { key: { name: 'EmployeeId', type: 'KEYWORD' as const }, value: intent.employee_id },
    { key: { name: 'EmployeeVersion', type: 'INT' as const }, value: version },
    { key: { name: 'TriggerType', type: 'KEYWORD' as const }, value: intent.trigger.type },
    { key: { name: 'RunStatus', type: 'KEYWORD' as const }, value: 'running' satisfies RunStatus },
    ...scheduleAttribute(intent),
  ];
}

function scheduleAttribute({ trigger }: RunIntent) {
  const id = trigger.schedule?.schedule_id;
  return id === undefined ? [] : [{ key: { name: 'ScheduleId', type: 'KEYWORD' as const }, value: id }];
}

/** Why a schedule's workflow made no run. */
export function showRefusal(reason: string): void {
  setCurrentDetails(`**No run**: ${escape(reason)}`);
}

export function showStatus(status: RunStatus): void {
  upsertSearchAttributes([{ key: { name: 'RunStatus', type: 'KEYWORD' }, value: status }]);
}

/** One line per skill visit, as Markdown, for the run's page in the Web UI. */
export function showSkills(lines: { node: string; title: string; status: string }[]): void {
  setCurrentDetails(lines.map(({ node, title, status }) => `- **${escape(title)}** (\`${node}\`): ${status}`).join('\n'));
}

function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`);
}
