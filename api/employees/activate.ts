import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Catalogue } from '../../contracts/capability.ts';
import type { EmployeeDefinition, Explanation } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { Budget } from '../../contracts/policy.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import { policies } from '../../db/schema/authz/policies.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import type { ConnectHubClient } from '../connecthub/client.ts';
import { recordFact } from '../facts/record-fact.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { adoptSchedules } from '../schedules/adopt.ts';
import { adoptSubscriptions, type SubscriptionRow } from '../supervisor/adopt-subscriptions.ts';
import { indexDuties } from '../supervisor/duties.ts';
import type { AdoptedSchedule } from '../schedules/adopted-view.ts';
import { assertIntact } from './content-hash.ts';
import { budgetChange, changeBudget, readBudget } from './budget.ts';
import { chooseConnections, type ChosenConnections } from './choose-connections.ts';
import { findEmployee, findNewestVersion, findVersion, type EmployeeRow } from './find.ts';
import { needsOwner } from './owner.ts';
import { etagOf } from './views.ts';

export const activateBody = z.strictObject({
  /** The newest version unless said otherwise; an older one is a rollback. */
  version: z.int().min(1).optional(),
  /** Which connection to use, where a provider has several. */
  connections: z.record(z.string(), z.string()).optional(),
  /** Of the employee, whatever its version; it stays as it is where absent. */
  budget: budgetChange.optional(),
  /** `off`: the times that the job description states are not turned on; those of earlier versions end. */
  schedules: z.enum(['on', 'off']).optional(),
  /** `off`: the events that the job description states start nothing. */
  subscriptions: z.enum(['on', 'off']).optional(),
  /** IANA name, for times of the job description that come without a zone; UTC unless said otherwise. */
  timezone: z.string().min(1).max(100).optional(),
});

export interface ActivateDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  connecthub: Pick<ConnectHubClient, 'catalogue' | 'launchUrl'>;
  /** Tells the relay that the outbox has something new. */
  wakeRelay: () => void;
}

export interface ActivateRequest {
  employeeId: string;
  bearer: string;
  /** Entity tag of the employee that the caller decided upon; absent = whatever it is now. */
  ifMatch: string | undefined;
  body: z.infer<typeof activateBody>;
}

export interface Activated {
  employee: EmployeeRow;
  /** What it may do and spend from now on. */
  budget: Budget;
  schedules: AdoptedSchedule[];
  subscriptions: SubscriptionRow[];
}

/**
 * Puts a version to work: grants its capabilities on the chosen connections, writes its policy and budget, and orders the
 * employee's app client. Grants that only earlier versions need are kept, since their running runs need them; a ticket
 * never holds more than its own version's capabilities. The times and events that the version's job description states are
 * turned on, in the name of whoever activates.
 *
 * @throws ClancyError `forbidden`, `not_found`, `content_mismatch`, `connection_required`, `version_conflict`.
 */
export async function activateEmployee(deps: ActivateDeps, scope: OrgScope, request: ActivateRequest): Promise<Activated> {
  assertNotImpersonated(scope);
  const { employeeId } = request;
  const row = await deps.db.withOrgRead(scope, async (tx) => {
    await findEmployee(tx, employeeId);
    const wanted = request.body.version;
    return wanted === undefined ? findNewestVersion(tx, employeeId) : findVersion(tx, employeeId, wanted);
  });
  assertIntact(row);
  const { definition, explanation, version } = row;
  const catalogue: Catalogue = await deps.connecthub.catalogue(request.bearer);
  const chosen = chooseConnections({
    capabilities: definition.capabilities,
    catalogue,
    wanted: request.body.connections ?? {},
    launchUrl: deps.connecthub.launchUrl,
  });
  const activation = { version, definition, explanation, chosen };
  const activated = await deps.db.withOrg(scope, (tx) => activate(tx, scope, request, activation));
  deps.wakeRelay();
  return activated;
}

interface Activation {
  version: number;
  definition: EmployeeDefinition;
  explanation: Explanation;
  chosen: ChosenConnections;
}

async function activate(tx: OrgTx, scope: OrgScope, request: ActivateRequest, activation: Activation): Promise<Activated> {
  const { employeeId } = request;
  const { version, definition } = activation;
  const before = await findEmployee(tx, employeeId, 'update');
  if (before.status === 'retired') throw new ClancyError('conflict', 'A retired employee does not come back.');
  if (request.ifMatch !== undefined && request.ifMatch !== '*' && request.ifMatch !== etagOf(before)) {
    throw new ClancyError('version_conflict', 'The employee was changed in the meantime.', {
      next: 'Read it again, and repeat with its current ETag if you still want to.',
    });
  }
  await grantCapabilities(tx, scope, employeeId, activation);
  await tx.db.insert(policies).values({ orgId: tx.orgId, employeeId, version, rules: definition.policy }).onConflictDoNothing();
  if (request.body.budget) await changeBudget(tx, scope, employeeId, request.body.budget);
  // Somebody answers for whatever works.
  const owner = (await needsOwner(tx, before)) && { ownerUserId: scope.actor.id };
  const [employee] = await tx.db
    .update(employees)
    .set({ status: 'active', activeVersion: version, updatedAt: new Date(), ...owner })
    .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId)))
    .returning();
  if (!employee) throw new Error('the locked employee is gone');
  const connections = Object.fromEntries(activation.chosen);
  await recordFact(tx, { kind: 'EmployeeActivated', employeeId, data: { version, connections } });
  if (before.m2mClientId === null) await orderClient(tx, employeeId);
  const { schedules: setting = 'on', timezone } = request.body;
  const schedules = await adoptSchedules(tx, scope, { employeeId, explanation: activation.explanation, setting, timezone });
  const subscriptions = await adoptSubscriptions(tx, scope, {
    employeeId,
    explanation: activation.explanation,
    connectionOf: (provider) => activation.chosen.get(provider),
    setting: request.body.subscriptions ?? 'on',
  });
  await indexDuties(tx, employeeId, definition.graph);
  tx.audit({ action: 'employee.activate', objectType: 'employee', objectId: employeeId, allowed: true, details: { version } });
  return { employee, budget: await readBudget(tx, employeeId), schedules, subscriptions };
}

async function grantCapabilities(tx: OrgTx, scope: OrgScope, employeeId: string, activation: Activation): Promise<void> {
  for (const capability of activation.definition.capabilities) {
    const connectionId = activation.chosen.get(providerOf(capability));
    if (connectionId === undefined) throw new Error(`no connection was chosen for ${capability}`);
    const granted = { connectionId, grantedBy: scope.actor.id, grantedAt: new Date(), revokedAt: null, revokedBy: null };
    await tx.db
      .insert(grants)
      .values({ orgId: tx.orgId, employeeId, capability, ...granted })
      .onConflictDoUpdate({ target: [grants.orgId, grants.employeeId, grants.capability], set: granted });
    tx.audit({
      action: 'grant.create',
      objectType: 'grant',
      objectId: `${employeeId}/${capability}`,
      allowed: true,
      details: { connection_id: connectionId },
    });
  }
}

/** The app client is made by the relay, once: two activations in a row order one. */
export async function orderClient(tx: OrgTx, employeeId: string): Promise<void> {
  const [ordered] = await tx.db
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.orgId, tx.orgId),
        eq(outbox.kind, 'create_employee_client'),
        isNull(outbox.sentAt),
        sql`${outbox.payload} ->> 'employee_id' = ${employeeId}`,
      ),
    );
  if (ordered) return;
  await tx.db.insert(outbox).values({ orgId: tx.orgId, kind: 'create_employee_client', payload: { employee_id: employeeId } });
}

function providerOf(capability: string): string {
  return capability.slice(0, capability.indexOf('/'));
}
