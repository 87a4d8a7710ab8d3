import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { Trigger } from '../../contracts/events.ts';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json.ts';
import { rehearsedApprovalsSchema } from '../../contracts/rehearsal.ts';
import type { CoreDatabase, OrgReadTx, OrgScope, OrgTx } from '../../db/client.ts';
import { authzRehearsals } from '../../db/schema/authz/rehearsals.ts';
import { policies } from '../../db/schema/authz/policies.ts';
import { rehearsals } from '../../db/schema/core/rehearsals.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import type { ConnectHubClient } from '../connecthub/client.ts';
import { orderClient } from '../employees/activate.ts';
import { chooseConnections } from '../employees/choose-connections.ts';
import { findEmployee, findVersion, type EmployeeRow, type VersionRow } from '../employees/find.ts';
import { once, storedAnswer, type Answer } from '../http/idempotency.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import type { Order } from '../outbox/run-starter.ts';
import { acceptRun, type AcceptedRun } from '../runs/accept.ts';
import { findRun, type RunRow } from '../runs/find.ts';
import { initiatorOf } from '../runs/intent.ts';
import type { StartRunDeps } from '../runs/start.ts';
import { runLinks, runIdSchema } from '../runs/views.ts';
import { grantedConnections, triggerOf } from './takes-over.ts';

export const rehearseBody = z
  .strictObject({
    input: jsonObjectSchema.optional().describe('An example: what the run is about, as for a run; empty where nothing is said.'),
    from_run: runIdSchema.optional().describe('Instead of an example: a run of this employee whose input is taken.'),
    reads: z
      .enum(['recorded', 'live'])
      .optional()
      .describe(
        '`recorded`: reads that the run named by `from_run` made are answered by what it read (what is said by default with it). ' +
          '`live`: all reads go to the provider.',
      ),
    approvals: rehearsedApprovalsSchema
      .prefault({})
      .describe("Nobody is asked: how people's answers are taken to be, for all and by capability."),
    connections: z
      .record(z.string(), z.string())
      .optional()
      .describe('Which connection to read over, where a provider has several.'),
    compare: z
      .boolean()
      .default(true)
      .describe('Rehearses the version that is active as well, with the same input, and compares the two.'),
  })
  .refine(({ input, from_run }) => input === undefined || from_run === undefined, {
    path: ['input'],
    message: '`input` or `from_run`, not both',
  })
  .refine(({ from_run, reads }) => from_run !== undefined || reads !== 'recorded', {
    path: ['reads'],
    message: 'what was read is recorded of a run: name it in `from_run`',
  });
type RehearseBody = z.infer<typeof rehearseBody>;

export type RehearseDeps = StartRunDeps & { connecthub: ConnectHubClient; db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'> };

export interface RehearseRequest {
  employeeId: string;
  version: number;
  bearer: string;
  key: string;
  person: PersonPrincipal;
  body: RehearseBody;
}

const ROUTE = 'POST /v1/employees/{employee_id}/versions/{version}/rehearse';

/**
 * Runs a version, active or not, in the mode `rehearsal`: ConnectHub sends nothing that changes anything and answers such
 * calls itself. Beside it runs the version that is active, to compare with.
 *
 * @throws ClancyError `forbidden`, `not_found`, `conflict` (retired, or made out of a rehearsal), `content_mismatch`,
 * `connection_required`, `payload_too_large`, `dependency_unavailable` (ConnectHub), `idempotency_key_reused`.
 */
export async function rehearse(deps: RehearseDeps, scope: OrgScope, request: RehearseRequest): Promise<Answer> {
  assertNotImpersonated(scope);
  const { employeeId, version, key, body } = request;
  const asked = { route: ROUTE, key, input: { employeeId, version, body } };
  const stored = await storedAnswer(deps.db, scope, asked);
  if (stored) return stored;
  const ground = await deps.db.withOrgRead(scope, (tx) => readGround(tx, request));
  const connections = Object.fromEntries(
    chooseConnections({
      capabilities: [...new Set(ground.versions.flatMap(({ definition }) => definition.capabilities))],
      catalogue: await deps.connecthub.catalogue(request.bearer),
      wanted: { ...ground.granted, ...body.connections },
      launchUrl: deps.connecthub.launchUrl,
    }),
  );
  const orders: Order[] = [];
  const answer = await once(deps.db, scope, asked, async (tx) => {
    orders.length = 0;
    const [own, baseline] = await acceptAll(tx, deps, { ...request, ...ground, connections, orders });
    const { runId, executionId } = own!;
    const links = { ...runLinks(runId, deps.ui), rehearsal: `/v1/runs/${encodeURIComponent(runId)}/rehearsal` };
    const body = { run_id: runId, execution_id: executionId, baseline_run_id: baseline?.runId ?? null, links };
    return { status: 202, body: jsonSchema.parse(body) };
  });
  for (const order of orders) deps.runStarter.committed(order);
  return answer;
}

interface Ground {
  employee: EmployeeRow;
  /** The one that is rehearsed, then the one that it is compared with. */
  versions: VersionRow[];
  from: RunRow | undefined;
  /** By provider: the connection that the employee works over. */
  granted: { [provider: string]: string };
}

async function readGround(tx: OrgReadTx, { employeeId, version, body }: RehearseRequest): Promise<Ground> {
  const employee = await findEmployee(tx, employeeId);
  if (employee.status === 'retired') throw new ClancyError('conflict', 'A retired employee rehearses nothing.');
  const own = await findVersion(tx, employeeId, version);
  const active = employee.status === 'active' ? employee.activeVersion : null;
  const isCompared = body.compare && active !== null && active !== version;
  const from = body.from_run === undefined ? undefined : await findRun(tx, body.from_run);
  if (from && (from.employeeId !== employeeId || from.mode !== 'live')) {
    throw new ClancyError('invalid_request', 'That run is none that this employee really made.', {
      fields: [{ field: '/from_run', message: 'a run of this employee that was no rehearsal' }],
    });
  }
  const versions = isCompared ? [own, await findVersion(tx, employeeId, active)] : [own];
  return { employee, versions, from, granted: await grantedConnections(tx, employeeId) };
}

type Accepting = RehearseRequest & Ground & { connections: { [provider: string]: string }; orders: Order[] };

async function acceptAll(tx: OrgTx, deps: RehearseDeps, work: Accepting): Promise<AcceptedRun[]> {
  const employee = await findEmployee(tx, work.employeeId, 'update');
  if (employee.m2mClientId === null) await orderClient(tx, work.employeeId);
  const accepted: AcceptedRun[] = [];
  // What is compared with comes first: the rehearsal names it.
  for (const row of work.versions.toReversed()) accepted.unshift(await accept(tx, deps, work, row, accepted[0]));
  return accepted;
}

async function accept(
  tx: OrgTx,
  deps: RehearseDeps,
  work: Accepting,
  row: VersionRow,
  baseline: AcceptedRun | undefined,
): Promise<AcceptedRun> {
  const { employeeId, person, body, from, connections } = work;
  const { version, definition } = row;
  // The rules by which ConnectHub judges the calls of this version; they never change.
  await tx.db.insert(policies).values({ orgId: tx.orgId, employeeId, version, rules: definition.policy }).onConflictDoNothing();
  const requestedAt = deps.now();
  const example: Trigger = { type: 'direct_command', payload: body.input ?? {}, source: `person:${person.userId}` };
  const run = await acceptRun(tx, deps, {
    employeeId,
    trigger: from ? triggerOf(from, definition.graph) : example,
    requestedAt,
    idTime: requestedAt.toISOString(),
    initiator: initiatorOf(person),
    principal: { type: 'person', id: person.userId },
    rehearsal: { version, connections },
    start: { kind: 'start_run', payload: {}, claim: () => deps.runStarter.claim() },
  });
  const { orgId } = tx;
  const readsFrom = from && body.reads !== 'live' ? from.runId : null;
  await tx.db.insert(authzRehearsals).values({ orgId, runId: run.runId, connections, approvals: body.approvals, readsFrom });
  await tx.db.insert(rehearsals).values({
    orgId,
    runId: run.runId,
    fromRun: from?.runId ?? null,
    baselineRunId: baseline?.runId ?? null,
    requestedBy: person.userId,
  });
  const details = { version, from_run: from?.runId ?? null };
  tx.audit({ action: 'employee.rehearse', objectType: 'employee', objectId: employeeId, allowed: true, details });
  work.orders.push(run.order);
  return run;
}
