import { and, eq, ne } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { TriggerAnswer } from '../../contracts/trigger.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { triggers } from '../../db/schema/core/triggers.ts';
import type { Order } from '../outbox/run-starter.ts';
import { recordFact } from '../facts/record-fact.ts';
import { chooseEmployees, type Choice } from '../supervisor/choose.ts';
import { carryOut } from './carry-out.ts';
import { lookUpTrigger, runsOfTriggers, type TriggerRow, type TriggerRunRow } from './find.ts';
import type { NewTrigger } from './new-trigger.ts';
import type { StartRunsDeps } from './start-runs.ts';

export type SendTriggerDeps = StartRunsDeps & { db: Pick<CoreDatabase, 'withOrg'> };

/**
 * Takes a trigger, chooses whose it is and accepts the runs, in one transaction: a process that dies here has taken nothing.
 * The same id is answered with the first answer, on whichever copy and however often.
 *
 * @throws ClancyError `conflict` for another trigger under a known id; for a named employee as starting a run does.
 */
export async function sendTrigger(deps: SendTriggerDeps, scope: OrgScope, trigger: NewTrigger): Promise<TriggerAnswer> {
  const orders: Order[] = [];
  await deps.memory.prepare(scope.orgId);
  const answer = await deps.db.withOrg(scope, async (tx) => {
    // Whoever sends the same at the same moment waits here for the end of this transaction.
    const taken = await takeTrigger(tx, deps, trigger, () => chooseEmployees(tx, trigger.question));
    orders.push(...(taken?.orders ?? []));
    if (taken) return taken.answer;
    return (await firstAnswer(tx, trigger.row)) ?? repeatedEvent(tx, trigger.row);
  });
  for (const order of orders) deps.runStarter.committed(order);
  return answer;
}

/** Writes a trigger, decides about it and accepts its runs. Undefined = its id was taken before. */
export async function takeTrigger(
  tx: OrgTx,
  deps: StartRunsDeps,
  trigger: NewTrigger,
  choose: () => Promise<Choice>,
): Promise<{ answer: TriggerAnswer; orders: Order[] } | undefined> {
  if (!(await insertTrigger(tx, trigger.row, UNDECIDED))) return undefined;
  return decide(tx, deps, trigger, await choose());
}

type Decided = Pick<TriggerRow, 'decision' | 'rule' | 'reason' | 'candidates'> & { answer?: TriggerAnswer };

const UNDECIDED: Decided = { decision: 'unmatched', rule: 'none', reason: '', candidates: [] };

/** @returns false where the id, or the provider's event, was taken before. */
async function insertTrigger(tx: OrgTx, row: NewTrigger['row'], decided: Decided): Promise<boolean> {
  const rows = await tx.db
    .insert(triggers)
    .values({ orgId: tx.orgId, ...row, ...decided })
    .onConflictDoNothing()
    .returning({ id: triggers.triggerId });
  return rows.length > 0;
}

async function decide(
  tx: OrgTx,
  deps: StartRunsDeps,
  trigger: NewTrigger,
  choice: Choice,
): Promise<{ answer: TriggerAnswer; orders: Order[] }> {
  const { triggerId } = trigger.row;
  const { started, decision, rule, reason, candidates } = await carryOut(tx, deps, trigger, choice);
  const answer = answerOf(
    triggerId,
    decision,
    started.map(({ run }) => run),
  );
  await tx.db
    .update(triggers)
    .set({ decision, rule, reason, candidates, answer })
    .where(and(eq(triggers.orgId, tx.orgId), eq(triggers.triggerId, triggerId)));
  auditDecision(tx, trigger.row, { decision, rule, runs: started.length });
  const runs = started.map(({ run }) => run.runId);
  await recordFact(tx, { kind: 'TriggerDecided', data: { ...factOf(trigger.row), decision, rule, runs } });
  return { answer, orders: started.map(({ order }) => order) };
}

function factOf({ triggerId, source, type }: NewTrigger['row']) {
  return { trigger_id: triggerId, source, type };
}

function auditDecision(
  tx: OrgTx,
  { triggerId, source }: NewTrigger['row'],
  decided: { decision: string; rule: string; runs: number },
) {
  const details = { source, ...decided };
  const allowed = decided.decision !== 'refused';
  tx.audit({ action: 'trigger.decide', objectType: 'trigger', objectId: triggerId, allowed, details });
}

function answerOf(trigger_id: string, decision: TriggerAnswer['decision'], runs: TriggerRunRow[]): TriggerAnswer {
  return {
    trigger_id,
    decision,
    runs: runs.map(({ runId, executionId, employeeId }) => ({
      run_id: runId,
      execution_id: executionId,
      employee_id: employeeId,
    })),
  };
}

async function firstAnswer(tx: OrgTx, { triggerId, digest }: NewTrigger['row']): Promise<TriggerAnswer | undefined> {
  const first = await lookUpTrigger(tx, triggerId);
  if (!first) return undefined;
  if (first.digest !== digest) {
    throw new ClancyError('conflict', 'This trigger id was used for another trigger.', {
      next: 'Use a new id for a new trigger.',
    });
  }
  if (first.answer === null) throw new Error('a trigger without its answer');
  return first.answer;
}

/** The provider's event came before under another id: kept, and nothing is started again. */
async function repeatedEvent(tx: OrgTx, row: NewTrigger['row']): Promise<TriggerAnswer> {
  const [first] = await tx.db
    .select({ triggerId: triggers.triggerId })
    .from(triggers)
    .where(
      and(
        eq(triggers.orgId, tx.orgId),
        eq(triggers.source, 'webhook'),
        eq(triggers.connectionId, row.connectionId ?? ''),
        eq(triggers.type, row.type ?? ''),
        eq(triggers.externalId, row.externalId ?? ''),
        ne(triggers.decision, 'duplicate'),
      ),
    );
  if (!first) throw new Error('a trigger that is neither new nor known');
  const answer = answerOf(row.triggerId, 'duplicate', await runsOfTriggers(tx, [first.triggerId]));
  const reason = `The event came before, as trigger ${first.triggerId}.`;
  const isNew = await insertTrigger(tx, row, { ...UNDECIDED, decision: 'duplicate', reason, answer });
  if (isNew) auditDecision(tx, row, { decision: 'duplicate', rule: 'none', runs: 0 });
  return isNew ? answer : ((await firstAnswer(tx, row)) ?? answer);
}
