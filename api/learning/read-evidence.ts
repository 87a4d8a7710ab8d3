import { and, desc, eq, gte, inArray, isNotNull, lte, max, or, sql } from 'drizzle-orm';
import type { EmployeeGraph } from '../../contracts/employee-graph.ts';
import type { ExecutionResult } from '../../contracts/events.ts';
import { parseCallId, parseRunId, parseSkillRunId } from '../../contracts/ids.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { employeeVersions } from '../../db/schema/core/employee-versions.ts';
import { facts } from '../../db/schema/core/facts.ts';
import { runs } from '../../db/schema/core/runs.ts';
import type { ApprovalSeen, EmployeeSeen, RunSeen, SkillSeen } from './evidence.ts';

/** Of a window the latest so many runs and approvals are looked at. */
export const MAX_RUNS = 10_000;
const MAX_APPROVALS = 10_000;
const MAX_EMPLOYEES = 10_000;

export interface Window {
  since: Date;
  until: Date;
  employeeId?: string | undefined;
}

/** Runs that ended, the latest first; not those that were rehearsed. */
export async function readRuns(tx: OrgReadTx, window: Window): Promise<(RunSeen & { version: number })[]> {
  const rows = await tx.db
    .select({
      runId: runs.runId,
      employeeId: runs.employeeId,
      version: runs.version,
      status: runs.status,
      errorCode: runs.errorCode,
      error: sql<string | null>`${runs.result} ->> 'error'`,
      visits: sql<ExecutionResult['hierarchical_events'] | null>`${runs.result} -> 'hierarchical_events'`,
      startedAt: runs.startedAt,
      requestedAt: runs.requestedAt,
      finishedAt: runs.finishedAt,
    })
    .from(runs)
    .where(and(inWindow(tx, window), isNotNull(runs.finishedAt)))
    .orderBy(desc(runs.requestedAt))
    .limit(MAX_RUNS);
  return rows.flatMap(({ status, visits, startedAt, requestedAt, finishedAt, ...row }) => {
    if (status === 'requested' || status === 'running' || finishedAt === null) return [];
    const latencyMs = Math.max(0, finishedAt.getTime() - (startedAt ?? requestedAt).getTime());
    return [{ ...row, status, latencyMs, skills: (visits ?? []).flatMap(toVisit) }];
  });
}

function inWindow(tx: OrgReadTx, { since, until, employeeId }: Window) {
  return and(
    eq(runs.orgId, tx.orgId),
    eq(runs.mode, 'live'),
    gte(runs.requestedAt, since),
    lte(runs.requestedAt, until),
    employeeId === undefined ? undefined : eq(runs.employeeId, employeeId),
  );
}

function toVisit({ run_id, status }: ExecutionResult['hierarchical_events'][number]): RunSeen['skills'] {
  const node = parseSkillRunId(run_id)?.node;
  return node === undefined ? [] : [{ node, status }];
}

/** What people were asked, the latest first. */
export async function readApprovals(tx: OrgReadTx, { since, until, employeeId }: Window): Promise<ApprovalSeen[]> {
  const rows = await tx.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.orgId, tx.orgId), gte(approvals.requestedAt, since), lte(approvals.requestedAt, until)))
    .orderBy(desc(approvals.requestedAt))
    .limit(MAX_APPROVALS);
  return rows.map(toApproval).filter((one) => employeeId === undefined || one.employeeId === employeeId);
}

function toApproval(row: typeof approvals.$inferSelect): ApprovalSeen {
  const skillRun = row.callId === null ? row.workflowId : (parseCallId(row.callId)?.skillRun ?? '');
  const isAnswered = (row.status === 'approved' || row.status === 'rejected') && row.decidedAt !== null;
  return {
    approvalId: row.approvalId,
    runId: row.runId,
    employeeId: parseRunId(row.runId)?.employee ?? '',
    skill: parseSkillRunId(skillRun)?.node ?? null,
    capability: row.capability,
    parameters: row.parameters ?? {},
    status: row.status,
    isEdited: row.proposedDigest !== null,
    waitMs: isAnswered && row.decidedAt ? row.decidedAt.getTime() - row.requestedAt.getTime() : null,
  };
}

/** Employees that are at work, and those that these runs are of. */
export async function readEmployees(
  tx: OrgReadTx,
  window: Window,
  ran: readonly { employeeId: string; version: number }[],
): Promise<EmployeeSeen[]> {
  const ids = [...new Set(ran.map(({ employeeId }) => employeeId))];
  const rows = await tx.db
    .select()
    .from(employees)
    .where(
      and(
        eq(employees.orgId, tx.orgId),
        window.employeeId === undefined
          ? or(eq(employees.status, 'active'), ids.length === 0 ? undefined : inArray(employees.employeeId, ids))
          : eq(employees.employeeId, window.employeeId),
      ),
    )
    .limit(MAX_EMPLOYEES);
  const [nodes, activated, asked, destructive] = await Promise.all([
    readNodes(tx, ran, rows),
    readActivations(tx),
    readAsked(tx, window),
    readDestructive(tx),
  ]);
  return rows.map((row) => {
    const versions = nodes.get(row.employeeId) ?? new Map<number, Map<string, SkillSeen>>();
    return {
      employeeId: row.employeeId,
      name: row.name,
      isActive: row.status === 'active',
      activatedAt: activated.get(row.employeeId) ?? null,
      wasAsked: asked.has(row.employeeId),
      skills: new Map([...versions.values()].flatMap((skills) => [...skills])),
      activeSkills: [...(versions.get(row.activeVersion ?? 0) ?? new Map<string, SkillSeen>()).keys()],
      destructive: destructive.get(row.employeeId) ?? new Set(),
    };
  });
}

/** Titles and templates of skills: of each version that ran, oldest first, and of the active one. */
async function readNodes(
  tx: OrgReadTx,
  ran: readonly { employeeId: string; version: number }[],
  rows: readonly (typeof employees.$inferSelect)[],
): Promise<Map<string, Map<number, Map<string, SkillSeen>>>> {
  const keys = new Set([
    ...ran.map(({ employeeId, version }) => `${employeeId} ${version}`),
    ...rows.map(({ employeeId, activeVersion }) => `${employeeId} ${activeVersion ?? 0}`),
  ]);
  const found = await tx.db
    .select({
      employeeId: employeeVersions.employeeId,
      version: employeeVersions.version,
      nodes: sql<EmployeeGraph['nodes']>`${employeeVersions.definition} -> 'graph' -> 'nodes'`,
    })
    .from(employeeVersions)
    .where(
      and(
        eq(employeeVersions.orgId, tx.orgId),
        inArray(sql`${employeeVersions.employeeId} || ' ' || ${employeeVersions.version}::text`, [...keys, '']),
      ),
    )
    .orderBy(employeeVersions.version);
  const byEmployee = new Map<string, Map<number, Map<string, SkillSeen>>>();
  for (const { employeeId, version, nodes } of found) {
    const versions = byEmployee.get(employeeId) ?? new Map<number, Map<string, SkillSeen>>();
    versions.set(
      version,
      new Map(nodes.map(({ id, title, provenance }) => [id, { title, template: provenance?.template ?? null }])),
    );
    byEmployee.set(employeeId, versions);
  }
  return byEmployee;
}

async function readActivations(tx: OrgReadTx): Promise<Map<string, Date>> {
  const rows = await tx.db
    .select({ employeeId: facts.employeeId, at: max(facts.at) })
    .from(facts)
    .where(and(eq(facts.orgId, tx.orgId), eq(facts.kind, 'EmployeeActivated')))
    .groupBy(facts.employeeId);
  return new Map(rows.flatMap(({ employeeId, at }) => (employeeId === null || at === null ? [] : [[employeeId, at]])));
}

async function readAsked(tx: OrgReadTx, window: Window): Promise<Set<string>> {
  const rows = await tx.db.selectDistinct({ employeeId: runs.employeeId }).from(runs).where(inWindow(tx, window));
  return new Set(rows.map(({ employeeId }) => employeeId));
}

/** By employee: capabilities that the catalogue called destructive when a version was made. */
async function readDestructive(tx: OrgReadTx): Promise<Map<string, Set<string>>> {
  const rows = await tx.db.execute<{ employee_id: string; capability: string }>(sql`
    select distinct f.employee_id, c.key as capability
    from ${facts} f cross join lateral jsonb_each(f.data -> 'capabilities') c
    where f.org_id = ${tx.orgId} and f.kind = 'GraphDefined' and c.value ->> 'risk' = 'destructive'`);
  const byEmployee = new Map<string, Set<string>>();
  for (const { employee_id: id, capability } of rows.rows) {
    byEmployee.set(id, (byEmployee.get(id) ?? new Set()).add(capability));
  }
  return byEmployee;
}
