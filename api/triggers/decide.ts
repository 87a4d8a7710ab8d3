import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { triggers } from '../../db/schema/core/triggers.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { recordFact } from '../facts/record-fact.ts';
import type { Order } from '../outbox/run-starter.ts';
import { initiatorOf } from '../runs/intent.ts';
import { findTrigger, runsOfTriggers, type TriggerRow } from './find.ts';
import { startFor, type StartRunsDeps } from './start-runs.ts';
import { toTriggerView, type triggerView } from './views.ts';

/** One of the two. */
export const decideTriggerBody = z.strictObject({
  /** One of the candidates: it starts, in the name of whoever decides. */
  employee_id: employeeIdSchema.optional(),
  /** Nobody is to start. */
  dismiss: z.literal(true).optional(),
});

export interface DecideTriggerRequest {
  triggerId: string;
  person: PersonPrincipal;
  body: z.infer<typeof decideTriggerBody>;
}

/**
 * Answers for a trigger that several employees fit. The same decision again changes nothing.
 * @throws ClancyError `not_found`, `conflict` (not asked, or decided otherwise), `invalid_request` (not a candidate); and as
 * starting a run does.
 */
export async function decideTrigger(
  deps: StartRunsDeps & { db: Pick<CoreDatabase, 'withOrg'> },
  scope: OrgScope,
  request: DecideTriggerRequest,
): Promise<z.infer<typeof triggerView>> {
  const orders: Order[] = [];
  await deps.memory.prepare(scope.orgId);
  const view = await deps.db.withOrg(scope, async (tx) => {
    const row = await findTrigger(tx, request.triggerId, 'update');
    const decided = await decide(tx, deps, row, request, orders);
    return toTriggerView(decided, await runsOfTriggers(tx, [row.triggerId]));
  });
  for (const order of orders) deps.runStarter.committed(order);
  return view;
}

async function decide(
  tx: OrgTx,
  deps: StartRunsDeps,
  row: TriggerRow,
  { person, body }: DecideTriggerRequest,
  orders: Order[],
): Promise<TriggerRow> {
  const { employee_id: employeeId, dismiss } = body;
  if ((employeeId === undefined) === (dismiss === undefined)) {
    throw new ClancyError('invalid_request', 'Say who is to start, or that nobody is.', {
      next: 'Send { "employee_id" } or { "dismiss": true }.',
    });
  }
  if (row.decidedAt !== null && (await isSame(tx, row, employeeId))) return row;
  if (row.decision !== 'asked') throw new ClancyError('conflict', `Nobody is asked about this trigger: it is ${row.decision}.`);
  if (employeeId === undefined) return close(tx, row, person, { decision: 'dismissed', reason: 'A person dismissed it.' });
  const candidate = row.candidates.find((one) => one.employee_id === employeeId);
  if (!candidate) {
    throw new ClancyError('invalid_request', 'This employee was not considered for this trigger.', {
      fields: [{ field: '/employee_id', message: `one of ${row.candidates.map((one) => one.employee_id).join(', ')}` }],
    });
  }
  const behalf = { principal: { type: 'person', id: person.userId }, initiator: initiatorOf(person) } as const;
  orders.push((await startFor(tx, deps, row, { candidate, behalf })).order);
  const candidates = row.candidates.map((one) => ({ ...one, started: one.employee_id === employeeId }));
  return close(tx, row, person, { decision: 'started', reason: `A person chose ${candidate.name}.`, candidates });
}

async function isSame(tx: OrgTx, row: TriggerRow, employeeId: string | undefined): Promise<boolean> {
  if (employeeId === undefined) return row.decision === 'dismissed';
  const [run] = await runsOfTriggers(tx, [row.triggerId]);
  return run?.employeeId === employeeId;
}

async function close(
  tx: OrgTx,
  { triggerId, source }: TriggerRow,
  { userId }: PersonPrincipal,
  decided: Pick<TriggerRow, 'decision' | 'reason'> & Partial<Pick<TriggerRow, 'candidates'>>,
): Promise<TriggerRow> {
  const [row] = await tx.db
    .update(triggers)
    .set({ ...decided, rule: 'person', decidedBy: userId, decidedAt: new Date() })
    .where(and(eq(triggers.orgId, tx.orgId), eq(triggers.triggerId, triggerId)))
    .returning();
  if (!row) throw new Error('the locked trigger is gone');
  const runs = (await runsOfTriggers(tx, [triggerId])).map(({ runId }) => runId);
  const { decision } = decided;
  await recordFact(tx, {
    kind: 'TriggerDecided',
    data: { trigger_id: triggerId, source, type: row.type, decision, rule: 'person', runs },
  });
  const details = { source, decision, rule: 'person' };
  tx.audit({ action: 'trigger.decide', objectType: 'trigger', objectId: triggerId, allowed: true, details });
  return row;
}
