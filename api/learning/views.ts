import { z } from 'zod';
import type { EmployeeSeen, Evidence, SkillSeen } from './evidence.ts';
import { approvalFigures, callFigures, groupBy, latencyFigures, runFigures } from './figures.ts';
import { suggestionSchema } from './suggestion.ts';
import { THRESHOLDS } from './thresholds.ts';

const rate = z.number().min(0).max(1).nullable();
const runFiguresSchema = {
  runs: z.int().describe('that ended'),
  completed: z.int(),
  failed: z.int(),
  interrupted: z.int(),
  success_rate: rate.describe('of those that completed or failed'),
};
const approvalFiguresSchema = z.strictObject({
  asked: z.int(),
  approved: z.int(),
  rejected: z.int(),
  unanswered: z.int(),
  approval_rate: rate.describe('of those that were answered'),
  wait_seconds: z.int().nullable().describe('median from question to answer'),
});
const callFiguresSchema = z.strictObject({
  calls: z.int(),
  succeeded: z.int(),
  refused: z.int(),
  unknown: z.int(),
  latency_ms: z.int().nullable().describe('mean of a call'),
  cost_units: z.number().describe("units of the providers' limits"),
});

const common = { ...runFiguresSchema, approvals: approvalFiguresSchema, calls: callFiguresSchema.nullable() };

export const insightsView = z.strictObject({
  since: z.iso.datetime(),
  until: z.iso.datetime(),
  runs_considered: z.int().describe('the latest of the window, 10,000 at most'),
  calls_missing: z.string().nullable().describe('why there are no figures of calls'),
  employees: z.array(
    z.strictObject({
      employee_id: z.string(),
      name: z.string(),
      ...common,
      latency_ms: z.strictObject({ p50: z.number().nullable(), p95: z.number().nullable() }).describe('of its runs'),
    }),
  ),
  skills: z.array(
    z.strictObject({
      employee_id: z.string(),
      skill: z.string(),
      title: z.string(),
      template: z.string().nullable(),
      ...common,
    }),
  ),
  templates: z.array(z.strictObject({ template: z.string(), employees: z.int(), ...common })),
  suggestions: z.array(suggestionSchema),
  thresholds: z
    .record(z.string(), z.record(z.string(), z.number()))
    .describe('what must have been seen before something is suggested'),
});
export type InsightsView = z.infer<typeof insightsView>;

interface Part {
  employee: EmployeeSeen;
  node: string;
  skill: SkillSeen;
  statuses: string[];
}

/** The figures of employees, of their skills, and of the templates that those are made of. */
export function viewFigures(evidence: Evidence): Pick<InsightsView, 'employees' | 'skills' | 'templates' | 'thresholds'> {
  const parts = partsOf(evidence);
  const byTemplate = groupBy(
    parts.filter(({ skill }) => skill.template !== null),
    ({ skill }) => skill.template ?? '',
  );
  return {
    employees: evidence.employees.map((employee) => employeeView(evidence, employee)),
    skills: parts.map((part) => ({
      employee_id: part.employee.employeeId,
      skill: part.node,
      ...part.skill,
      ...figuresOf(evidence, [part]),
    })),
    templates: [...byTemplate].map(([template, same]) => ({
      template,
      employees: new Set(same.map(({ employee }) => employee.employeeId)).size,
      ...figuresOf(evidence, same),
    })),
    thresholds: THRESHOLDS,
  };
}

function employeeView(evidence: Evidence, { employeeId, name }: EmployeeSeen): InsightsView['employees'][number] {
  const isIts = (one: { employeeId: string }): boolean => one.employeeId === employeeId;
  const runs = evidence.runs.filter(isIts);
  return {
    employee_id: employeeId,
    name,
    ...runFigures(runs.map(({ status }) => status)),
    latency_ms: latencyFigures(runs),
    approvals: approvalFigures(evidence.approvals.filter(isIts)),
    calls: evidence.calls && callFigures(evidence.calls.filter(isIts)),
  };
}

/** Each skill of each employee, with how each of its visits ended. */
function partsOf({ employees, runs }: Evidence): Part[] {
  const visits = groupBy(
    runs.flatMap(({ employeeId, skills }) => skills.map((visit) => ({ ...visit, employeeId }))),
    ({ employeeId, node }) => `${employeeId} ${node}`,
  );
  return employees.flatMap((employee) =>
    [...employee.skills].map(([node, skill]) => ({
      employee,
      node,
      skill,
      statuses: (visits.get(`${employee.employeeId} ${node}`) ?? []).flatMap(({ status }) =>
        status === 'skipped' ? [] : [status],
      ),
    })),
  );
}

function figuresOf({ approvals, calls }: Evidence, parts: readonly Part[]) {
  const keys = new Set(parts.map(({ employee, node }) => `${employee.employeeId} ${node}`));
  const isIts = (one: { employeeId: string; skill: string | null }): boolean => keys.has(`${one.employeeId} ${one.skill ?? ''}`);
  return {
    ...runFigures(parts.flatMap(({ statuses }) => statuses)),
    approvals: approvalFigures(approvals.filter(isIts)),
    calls: calls && callFigures(calls.filter(isIts)),
  };
}
