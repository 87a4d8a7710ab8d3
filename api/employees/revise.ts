import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { makeGraphId } from '../../contracts/ids.ts';
import { jsonSchema } from '../../contracts/json.ts';
import type { OrgReadTx, OrgScope, OrgTx } from '../../db/client.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { once, storedAnswer, type Answer } from '../http/idempotency.ts';
import { sentPolicy } from './approver-words.ts';
import { factsFromCatalogue } from './capability-facts.ts';
import { createEmployeeBody, type CreateEmployeeDeps } from './create.ts';
import { findEmployee, findNewestVersion, findVersion, type VersionRow } from './find.ts';
import { assertOneRevision, makeRevision, type Revision } from './make-revision.ts';
import { toVersionView } from './views.ts';
import { writeVersion } from './write-version.ts';

/** Either a job description or a policy; which, is asked once the employee is found. */
export const reviseEmployeeBody = z.strictObject({
  job_description: createEmployeeBody.shape.job_description
    .optional()
    .describe('Made into a graph and a policy, as for a new employee.'),
  policy: sentPolicy.optional().describe('Instead of the rules of the base version, in the order in which they decide.'),
  base_version: z
    .int()
    .min(1)
    .max(999_999_999)
    .optional()
    .describe('Whose graph the policy is for; the newest unless said otherwise.'),
});

const ROUTE = 'POST /v1/employees/{employee_id}/versions';

export interface ReviseRequest {
  employeeId: string;
  bearer: string;
  key: string;
  body: z.infer<typeof reviseEmployeeBody>;
}

/**
 * Makes the next version of an employee: out of a job description, or of an earlier version with another policy. It does
 * nothing until somebody activates it. Of two at once one is made; the other has not seen it, and is told so.
 *
 * @throws ClancyError `not_found`, `conflict` (retired), `invalid_request`, `nothing_understood`, `graph_invalid`,
 * `version_conflict`, `dependency_unavailable` (ConnectHub), `idempotency_key_reused`.
 */
export async function reviseEmployee(deps: CreateEmployeeDeps, scope: OrgScope, request: ReviseRequest): Promise<Answer> {
  const { employeeId, body } = request;
  const intent = { route: ROUTE, key: request.key, input: { employeeId, ...body } };
  const answered = await storedAnswer(deps.db, scope, intent);
  if (answered) return answered;
  const { newest, base } = await deps.db.withOrgRead(scope, (tx) => readBase(tx, request));
  const asked = assertOneRevision(body);
  const catalogue = await deps.connecthub.catalogue(request.bearer);
  const version = newest + 1;
  const made = await makeRevision(deps.builder, { asked, base, catalogue, graphId: makeGraphId(employeeId, version) });
  const capabilities = factsFromCatalogue(catalogue, made.definition.capabilities);
  return once(deps.db, scope, intent, (tx) => writeNext(tx, scope, { employeeId, version, ...made, capabilities }));
}

/** @throws ClancyError `not_found`, `conflict` */
async function readBase(tx: OrgReadTx, request: ReviseRequest): Promise<{ newest: number; base: VersionRow }> {
  const { employeeId, body } = request;
  assertNotRetired(await findEmployee(tx, employeeId));
  const newest = await findNewestVersion(tx, employeeId);
  const base = body.base_version === undefined ? newest : await findVersion(tx, employeeId, body.base_version);
  return { newest: newest.version, base };
}

type Next = Revision & Pick<Parameters<typeof writeVersion>[2], 'employeeId' | 'version' | 'capabilities'>;

async function writeNext(tx: OrgTx, scope: OrgScope, { basedOn, ...next }: Next): Promise<Answer> {
  const { employeeId, version } = next;
  assertNotRetired(await findEmployee(tx, employeeId, 'update'));
  const newest = await findNewestVersion(tx, employeeId);
  if (newest.version !== version - 1) throw newerVersion(newest.version);
  const row = await writeVersion(tx, scope, next);
  // Changes the entity tag: an activation of "the newest" that had another in mind must not pass.
  await tx.db
    .update(employees)
    .set({ updatedAt: new Date() })
    .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId)));
  tx.audit({
    action: 'employee.revise',
    objectType: 'employee',
    objectId: employeeId,
    allowed: true,
    details: { version, ...(basedOn !== undefined && { base_version: basedOn }) },
  });
  return { status: 201, body: jsonSchema.parse(toVersionView(row)) };
}

function assertNotRetired({ status }: { status: string }): void {
  if (status !== 'retired') return;
  throw new ClancyError('conflict', 'A retired employee gets no new version.', { next: 'Hire another: POST /v1/employees.' });
}

function newerVersion(version: number): ClancyError {
  return new ClancyError('version_conflict', `Version ${version} of the employee was made in the meantime.`, {
    next: 'Read it, and send yours again if you still want it.',
  });
}
