import { and, eq } from 'drizzle-orm';
import { v5 as uuidV5 } from 'uuid';
import { canonicalHash } from '../../../contracts/digest.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { OrgReadTx, OrgTx } from '../../../db/client.ts';
import { employees } from '../../../db/schema/core/employees.ts';
import type { Order } from '../../outbox/run-starter.ts';
import { chooseEmployees } from '../../supervisor/choose.ts';
import type { NewTrigger } from '../../triggers/new-trigger.ts';
import { takeTrigger } from '../../triggers/send.ts';
import type { StartRunsDeps } from '../../triggers/start-runs.ts';
import type { FactRow } from '../read-facts.ts';
import { causeOf } from './cause.ts';
import { eventOfFact } from './events.ts';
import type { Cause } from './loop-protection.ts';

/** Namespace of the ids of triggers that facts are: the same fact is the same trigger. */
const TRIGGERS = 'b0a8a4a7-9c0f-4a53-8c7b-2f6c2d1f6d5e';

/**
 * Makes a trigger of a fact that somebody is subscribed to, and accepts its runs.
 * @returns undefined where nobody is.
 */
export async function takeFact(tx: OrgTx, deps: StartRunsDeps, fact: FactRow): Promise<Order[] | undefined> {
  const event = eventOfFact(fact, await nameOf(tx, fact.employeeId));
  if (!event) return undefined;
  const question = { ...event, happenedAt: fact.at };
  const choice = await chooseEmployees(tx, question);
  if (choice.fitting === 0) return undefined;
  const cause = await causeOf(tx, fact, deps.now());
  const taken = await takeTrigger(tx, deps, { row: rowOf(fact, event, cause), question, cause }, async () => choice);
  return taken?.orders ?? [];
}

function rowOf(fact: FactRow, event: { type: string; payload: JsonObject }, cause: Cause): NewTrigger['row'] {
  return {
    triggerId: uuidV5(`${fact.orgId}|${fact.factId}`, TRIGGERS),
    source: 'fact',
    sentBy: 'facts',
    digest: canonicalHash({ by: 'facts', fact: fact.factId }),
    ...event,
    provider: null,
    connectionId: null,
    externalId: null,
    occurredAt: fact.at,
    factSeq: fact.seq,
    causeChain: [...cause.chain],
    causeRoot: cause.root,
    text: null,
  };
}

async function nameOf(tx: OrgReadTx, employeeId: string | null): Promise<string | undefined> {
  if (employeeId === null) return undefined;
  const [row] = await tx.db
    .select({ name: employees.name })
    .from(employees)
    .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId)));
  return row?.name;
}
