import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import type { CapabilityFactsReader } from '../employees/capability-facts.ts';
import { once, type Answer } from '../http/idempotency.ts';
import type { RunMemory } from '../memory/memory.ts';
import type { Order, RunStarter } from '../outbox/run-starter.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { acceptRun, type AcceptedRun } from './accept.ts';
import { initiatorOf } from './intent.ts';
import { runLinks } from './views.ts';

export const startRunBody = z.strictObject({
  /** What the run is about; skills see it as `trigger.payload`. */
  input: jsonObjectSchema.default({}),
});

export interface StartRunDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  capabilityFacts: CapabilityFactsReader;
  memory: Pick<RunMemory, 'prepare' | 'recaller'>;
  ui: UiLinks;
  runStarter: RunStarter;
  now: () => Date;
}

export interface StartRunRequest {
  employeeId: string;
  key: string;
  person: PersonPrincipal;
  body: z.infer<typeof startRunBody>;
}

/**
 * Accepts a run that a person asks for. It is started at once, or by the relay when Temporal is back.
 * @throws ClancyError `not_found`, `employee_not_active`, `payload_too_large`, `idempotency_key_reused`.
 */
export async function startRun(deps: StartRunDeps, scope: OrgScope, request: StartRunRequest): Promise<Answer> {
  const { employeeId, key, body } = request;
  const route = 'POST /v1/employees/{employee_id}/runs';
  const accepted: { order?: Order } = {};
  await deps.memory.prepare(scope.orgId);
  const answer = await once(deps.db, scope, { route, key, input: { employeeId, body } }, async (tx) => {
    const { order, ...run } = await accept(deps, tx, request);
    accepted.order = order;
    return acceptedAnswer(run, deps.ui);
  });
  deps.runStarter.committed(accepted.order);
  return answer;
}

async function accept(deps: StartRunDeps, tx: OrgTx, { employeeId, person, body }: StartRunRequest): Promise<AcceptedRun> {
  const requestedAt = deps.now();
  return acceptRun(tx, deps, {
    employeeId,
    trigger: { type: 'direct_command', payload: body.input, source: `person:${person.userId}` },
    requestedAt,
    idTime: requestedAt.toISOString(),
    initiator: initiatorOf(person),
    principal: { type: 'person', id: person.userId },
    start: { kind: 'start_run', payload: {}, claim: () => deps.runStarter.claim() },
  });
}

export function acceptedAnswer({ runId, executionId }: Omit<AcceptedRun, 'order'>, ui: UiLinks): Answer {
  return { status: 202, body: { run_id: runId, execution_id: executionId, links: runLinks(runId, ui) } };
}
