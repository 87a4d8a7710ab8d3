import type { OrgScope, OrgTx } from '../../db/client.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { once, type Answer } from '../http/idempotency.ts';
import type { Order } from '../outbox/run-starter.ts';
import { acceptRun, type AcceptedRun } from './accept.ts';
import { assertLive, findRun } from './find.ts';
import { initiatorOf } from './intent.ts';
import { acceptedAnswer, type StartRunDeps } from './start.ts';

export interface RunAgainRequest {
  runId: string;
  key: string;
  person: PersonPrincipal;
}

/**
 * Starts a run of the employee's active version with the input of an earlier run. Nothing of that run is taken over: all
 * effects are made again.
 *
 * @throws ClancyError `not_found`, `employee_not_active`, `payload_too_large`, `idempotency_key_reused`.
 */
export async function runAgain(deps: StartRunDeps, scope: OrgScope, request: RunAgainRequest): Promise<Answer> {
  const { runId, key } = request;
  const asked = { route: 'POST /v1/runs/{run_id}/run-again', key, input: { runId } };
  const accepted: { order?: Order } = {};
  await deps.memory.prepare(scope.orgId);
  const answer = await once(deps.db, scope, asked, async (tx) => {
    const { order, ...run } = await accept(deps, tx, request);
    accepted.order = order;
    return acceptedAnswer(run, deps.ui);
  });
  deps.runStarter.committed(accepted.order);
  return answer;
}

async function accept(deps: StartRunDeps, tx: OrgTx, { runId: earlierId, person }: RunAgainRequest): Promise<AcceptedRun> {
  const earlier = await findRun(tx, earlierId);
  assertLive(earlier);
  const { employeeId, trigger } = earlier;
  const { payload, entry_skills } = trigger;
  const requestedAt = deps.now();
  const run = await acceptRun(tx, deps, {
    employeeId,
    trigger: { type: 'direct_command', payload, source: `person:${person.userId}`, ...(entry_skills && { entry_skills }) },
    requestedAt,
    idTime: requestedAt.toISOString(),
    initiator: initiatorOf(person),
    principal: { type: 'person', id: person.userId },
    start: { kind: 'start_run', payload: {}, claim: () => deps.runStarter.claim() },
  });
  tx.audit({ action: 'run.run_again', objectType: 'run', objectId: run.runId, allowed: true, details: { again: earlierId } });
  return run;
}
