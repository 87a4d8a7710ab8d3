import { temporalScheduleId } from '../../contracts/schedule.ts';

/** Where Temporal's Web UI is, if anywhere. */
export interface UiLinks {
  temporalUiUrl?: string;
  namespace: string;
}

/** For the `links` of an answer: the page that operators of the platform are led to, where there is a Web UI. */
export interface TemporalUiLink {
  [link: string]: string;
}

/** The newest execution of the run's workflow: after continue-as-new too, and after its end for as long as Temporal keeps it. */
export function runPage(ui: UiLinks, runId: string): TemporalUiLink {
  return page(ui, ['workflows', runId]);
}

export function schedulePage(ui: UiLinks, scheduleId: string): TemporalUiLink {
  return page(ui, ['schedules', temporalScheduleId(scheduleId)]);
}

/** The list of an employee's runs, retries included and skills left out. */
export function runsPage(ui: UiLinks, { orgId, employeeId }: { orgId: string; employeeId: string }): TemporalUiLink {
  const query = `\`OrgId\`="${orgId}" AND \`EmployeeId\`="${employeeId}" AND \`WorkflowType\`="employeeRun"`;
  return page(ui, ['workflows'], { query });
}

function page({ temporalUiUrl, namespace }: UiLinks, parts: string[], query: Record<string, string> = {}): TemporalUiLink {
  if (temporalUiUrl === undefined) return {};
  const url = new URL(temporalUiUrl);
  const path = ['namespaces', namespace, ...parts].map(encodeURIComponent).join('/');
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  url.search = new URLSearchParams(query).toString();
  return { temporal_ui: url.href };
}
