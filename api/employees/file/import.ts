import { createHash, randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Catalogue } from '../../../contracts/capability.ts';
import { ClancyError } from '../../../contracts/errors.ts';
import { makeEmployeeId, makeGraphId } from '../../../contracts/ids.ts';
import { jsonSchema } from '../../../contracts/json.ts';
import type { OrgScope, OrgTx } from '../../../db/client.ts';
import { employees } from '../../../db/schema/core/employees.ts';
import { missingConnections } from '../../graph-builder/index.ts';
import { once, storedAnswer, type Answer } from '../../http/idempotency.ts';
import { factsFromCatalogue } from '../capability-facts.ts';
import type { Content } from '../content-hash.ts';
import type { CreateEmployeeDeps } from '../create.ts';
import { findEmployee, findNewestVersion, type EmployeeRow, type VersionRow } from '../find.ts';
import { employeeIdSchema, toEmployeeView, toVersionView } from '../views.ts';
import { writeVersion } from '../write-version.ts';
import { readEmployeeFile, type EmployeeFile } from './employee-file.ts';

export const importQuery = z.strictObject({
  employee_id: employeeIdSchema.optional().describe('Makes the next version of this employee; a new one where nothing is said.'),
});

/** What a version is made of that was made before: by an export, or as another employee's. */
export type Ready = Pick<EmployeeFile, 'name' | 'labels' | 'job_description' | 'explanation'> & { definition: Content };

const ROUTE = 'POST /v1/employees/import';

/**
 * Makes a draft, or the next version of an employee, out of a file. It passes the same checker as whatever the builder
 * makes, and does nothing until somebody activates it.
 *
 * @throws ClancyError `invalid_request`, `payload_too_large`, `content_mismatch`, `graph_invalid`, `not_found`, `conflict`
 * (retired), `version_conflict`, `dependency_unavailable` (ConnectHub), `idempotency_key_reused`.
 */
export async function importEmployee(
  deps: CreateEmployeeDeps,
  scope: OrgScope,
  request: { employeeId: string | undefined; bearer: string; key: string; text: string },
): Promise<Answer> {
  const { employeeId, text, key } = request;
  const input = { employeeId: employeeId ?? null, sha256: createHash('sha256').update(text).digest('hex') };
  const asked = { route: ROUTE, key, input };
  const stored = await storedAnswer(deps.db, scope, asked);
  if (stored) return stored;
  const file = await readEmployeeFile(text);
  const catalogue = await deps.connecthub.catalogue(request.bearer);
  if (employeeId === undefined) {
    const id = makeEmployeeId(randomBytes(16));
    const version = checked(deps, catalogue, { employeeId: id, version: 1 }, file);
    const { name, labels } = file;
    return once(deps.db, scope, asked, (tx) =>
      writeNew(tx, scope, deps, { ...version, name, labels, action: 'employee.import' }),
    );
  }
  const newest = await deps.db.withOrgRead(scope, (tx) => findNewestVersion(tx, employeeId));
  const version = checked(deps, catalogue, { employeeId, version: newest.version + 1 }, file);
  return once(deps.db, scope, asked, (tx) => writeNext(tx, scope, deps, version));
}

type NewVersion = Parameters<typeof writeVersion>[2];

/** The version that it will be, checked against what there is here. */
export function checked(
  deps: Pick<CreateEmployeeDeps, 'builder'>,
  catalogue: Catalogue,
  { employeeId, version }: { employeeId: string; version: number },
  { definition: content, explanation, job_description: jobDescription }: Ready,
): NewVersion {
  const graph = { ...content.graph, graph_id: makeGraphId(employeeId, version) };
  const definition = { ...content, graph };
  deps.builder.check(definition, catalogue);
  const { capabilities } = definition;
  return {
    employeeId,
    version,
    jobDescription,
    definition,
    // Its addresses are those of here.
    explanation: { ...explanation, missing_connections: missingConnections(capabilities, catalogue) },
    capabilities: factsFromCatalogue(catalogue, capabilities),
  };
}

/** A new employee with this version as its first. */
export async function writeNew(
  tx: OrgTx,
  scope: OrgScope,
  deps: Pick<CreateEmployeeDeps, 'ui'>,
  made: NewVersion & { name: string; labels: string[]; action: string; details?: { [name: string]: string | number } },
): Promise<Answer> {
  const { name, labels, action, details, employeeId, version, jobDescription, definition, explanation, capabilities } = made;
  const [employee] = await tx.db
    .insert(employees)
    .values({ orgId: tx.orgId, employeeId, name, labels, ownerUserId: scope.actor.id })
    .returning();
  if (!employee) throw new Error('the database returned no employee');
  const next = { employeeId, version, jobDescription, definition, explanation, capabilities };
  const row = await writeVersion(tx, scope, next);
  tx.audit({ action, objectType: 'employee', objectId: employeeId, allowed: true, details: { version, ...details } });
  return answerOf(deps, employee, row);
}

async function writeNext(tx: OrgTx, scope: OrgScope, deps: Pick<CreateEmployeeDeps, 'ui'>, next: NewVersion): Promise<Answer> {
  const { employeeId, version } = next;
  const before = await findEmployee(tx, employeeId, 'update');
  if (before.status === 'retired') throw new ClancyError('conflict', 'A retired employee gets no new version.');
  const newest = await findNewestVersion(tx, employeeId);
  if (newest.version !== version - 1) {
    throw new ClancyError('version_conflict', `Version ${newest.version} of the employee was made in the meantime.`, {
      next: 'Look at it, and send yours again if you still want it.',
    });
  }
  const row = await writeVersion(tx, scope, next);
  // Changes the entity tag: an activation of "the newest" that had another in mind must not pass.
  const [employee] = await tx.db
    .update(employees)
    .set({ updatedAt: new Date() })
    .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId)))
    .returning();
  if (!employee) throw new Error('the locked employee is gone');
  tx.audit({ action: 'employee.import', objectType: 'employee', objectId: employeeId, allowed: true, details: { version } });
  return answerOf(deps, employee, row);
}

function answerOf({ ui }: Pick<CreateEmployeeDeps, 'ui'>, employee: EmployeeRow, row: VersionRow): Answer {
  const { version, content_hash, definition, explanation, links } = toVersionView(row);
  const view = { ...toEmployeeView(employee, ui), version, content_hash, definition, explanation, graph: links.graph };
  return { status: 201, body: jsonSchema.parse(JSON.parse(JSON.stringify(view))) };
}
