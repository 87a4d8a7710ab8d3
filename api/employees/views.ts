import { createHash } from 'node:crypto';
import { z } from 'zod';
import { employeeDefinitionSchema, explanationSchema } from '../../contracts/employee-graph.ts';
import { isEmployeeId } from '../../contracts/ids.ts';
import { budgetSchema } from '../../contracts/policy.ts';
import { runsPage, type UiLinks } from '../../platform/temporal/web-ui.ts';
import { adoptedSchedule } from '../schedules/adopted-view.ts';
import { subscriptionView } from '../supervisor/subscription-views.ts';
import type { EmployeeRow, VersionRow } from './find.ts';

export const employeeIdSchema = z.string().refine(isEmployeeId, 'not an employee id');
/** In a body; {@link versionSchema} is for paths and queries. */
export const versionNumber = z.int().min(1).max(999_999_999);
export const versionSchema = z.coerce.number().int().min(1).max(999_999_999);

const employeeLinks = z.strictObject({
  self: z.string(),
  versions: z.string(),
  activate: z.string(),
  runs: z.string(),
  /** The list of its runs in Temporal's Web UI, for platform operators. */
  temporal_ui: z.string().optional(),
});

export const employeeView = z.strictObject({
  employee_id: z.string(),
  name: z.string(),
  status: z.enum(['draft', 'active', 'retired']),
  active_version: z.int().nullable(),
  /** Who answers for it. */
  owner_user_id: z.string(),
  /** Its owner is no member of the organisation any more: give it another, or activate it, which makes you the owner. */
  needs_owner: z.boolean(),
  labels: z.array(z.string()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  links: employeeLinks,
});
export type EmployeeView = z.infer<typeof employeeView>;

export function toEmployeeView(row: EmployeeRow, ui: UiLinks, needsOwner = false): EmployeeView {
  const self = `/v1/employees/${row.employeeId}`;
  return {
    employee_id: row.employeeId,
    name: row.name,
    status: row.status,
    active_version: row.activeVersion,
    owner_user_id: row.ownerUserId,
    needs_owner: needsOwner,
    labels: row.labels,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    links: { self, versions: `${self}/versions`, activate: `${self}/activate`, runs: `${self}/runs`, ...runsPage(ui, row) },
  };
}

const versionLinks = z.strictObject({ self: z.string(), graph: z.string() });

/** A version in a list. */
export const versionSummary = z.strictObject({
  employee_id: z.string(),
  version: z.int(),
  content_hash: z.string(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  links: versionLinks,
});

/** A version with everything that stands in it. */
export const versionView = versionSummary.extend({
  job_description: z.string(),
  definition: employeeDefinitionSchema,
  explanation: explanationSchema,
});

export function toVersionSummary(row: Omit<VersionRow, 'definition' | 'explanation' | 'jobDescription' | 'orgId'>) {
  const self = `/v1/employees/${row.employeeId}/versions/${row.version}`;
  return {
    employee_id: row.employeeId,
    version: row.version,
    content_hash: row.contentHash,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    links: { self, graph: `${self}/graph` },
  };
}

export function toVersionView(row: VersionRow): z.infer<typeof versionView> {
  const { jobDescription: job_description, definition, explanation } = row;
  return { ...toVersionSummary(row), job_description, definition, explanation };
}

/** What `POST /v1/employees` answers: the draft and its first version. */
export const createdEmployeeView = employeeView.extend({
  version: z.int(),
  definition: employeeDefinitionSchema,
  explanation: explanationSchema,
  /** Mermaid source with `Accept: text/vnd.mermaid`. */
  graph: z.string(),
});

/** What an import and a clone answer: whose version it is, and the version. */
export const importedEmployeeView = createdEmployeeView.extend({ content_hash: z.string() });

/** What `POST /{id}/activate` answers: the employee, and the times and events that its job description states, turned on. */
export const activatedEmployeeView = employeeView.extend({
  /** What the employee may do and spend, all its versions together. */
  budget: budgetSchema,
  schedules: z.array(adoptedSchedule),
  subscriptions: z.array(subscriptionView),
});

/** The graph of a version with the skills that it refers to. */
export const employeeDefinitionView = employeeDefinitionSchema.pick({ graph: true, skill_graphs: true });

/** Changes whenever the employee does (RFC 9110, 8.8.3). */
export function etagOf(row: Pick<EmployeeRow, 'status' | 'activeVersion' | 'updatedAt'>): string {
  const state = JSON.stringify([row.status, row.activeVersion, row.updatedAt.getTime()]);
  return `"${createHash('sha256').update(state).digest('base64url').slice(0, 22)}"`;
}
