import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { makeEmployeeId, makeGraphId } from '../../contracts/ids.ts';
import { jsonSchema } from '../../contracts/json.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { employees } from '../../db/schema/core/employees.ts';
import type { ConnectHubClient } from '../connecthub/client.ts';
import { once, storedAnswer, type Answer } from '../http/idempotency.ts';
import type { EmployeeBuilder } from './builder.ts';
import { factsFromCatalogue, type CapabilityFacts } from './capability-facts.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { createdEmployeeView, toEmployeeView } from './views.ts';
import { writeVersion } from './write-version.ts';

const MAX_NAME_LENGTH = 120;

export const createEmployeeBody = z.strictObject({
  job_description: z.string().min(1).max(20_000),
  name: z.string().trim().min(1).max(MAX_NAME_LENGTH).optional(),
});
export type CreateEmployeeBody = z.infer<typeof createEmployeeBody>;

export interface CreateEmployeeDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  connecthub: Pick<ConnectHubClient, 'catalogue'>;
  builder: EmployeeBuilder;
  ui: UiLinks;
}

const ROUTE = 'POST /v1/employees';

/**
 * Makes a draft of an employee with version 1 out of a job description.
 * @throws ClancyError `nothing_understood`, `graph_invalid`, `dependency_unavailable` (ConnectHub), `idempotency_key_reused`.
 */
export async function createEmployee(
  deps: CreateEmployeeDeps,
  scope: OrgScope,
  request: { bearer: string; key: string; body: CreateEmployeeBody },
): Promise<Answer> {
  const intent = { route: ROUTE, key: request.key, input: request.body };
  const answered = await storedAnswer(deps.db, scope, intent);
  if (answered) return answered;
  const employeeId = makeEmployeeId(randomBytes(16));
  const catalogue = await deps.connecthub.catalogue(request.bearer);
  const graphId = makeGraphId(employeeId, 1);
  const built = await deps.builder.build({ jobDescription: request.body.job_description, catalogue, graphId });
  const facts = factsFromCatalogue(catalogue, built.definition.capabilities);
  return once(deps.db, scope, intent, (tx) => writeDraft(tx, scope, { employeeId, ...request, ...built, facts, ui: deps.ui }));
}

type Built = Awaited<ReturnType<EmployeeBuilder['build']>>;
type Draft = Built & { employeeId: string; body: CreateEmployeeBody; facts: CapabilityFacts; ui: UiLinks };

async function writeDraft(tx: OrgTx, scope: OrgScope, draft: Draft): Promise<Answer> {
  const { employeeId, body, definition, explanation, ui } = draft;
  const [employee] = await tx.db
    .insert(employees)
    .values({
      orgId: tx.orgId,
      employeeId,
      name: (body.name ?? draft.name).slice(0, MAX_NAME_LENGTH),
      ownerUserId: scope.actor.id,
    })
    .returning();
  if (!employee) throw new Error('the database returned no employee');
  const { version } = await writeVersion(tx, scope, {
    employeeId,
    version: 1,
    jobDescription: body.job_description,
    definition,
    explanation,
    capabilities: draft.facts,
  });
  tx.audit({ action: 'employee.create', objectType: 'employee', objectId: employeeId, allowed: true, details: { version } });
  const view = createdEmployeeView.parse({
    ...toEmployeeView(employee, ui),
    version,
    definition,
    explanation,
    graph: `/v1/employees/${employeeId}/versions/${version}/graph`,
  });
  return { status: 201, body: jsonSchema.parse(view) };
}
