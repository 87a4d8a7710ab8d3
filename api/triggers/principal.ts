import type { TriggerCandidate } from '../../contracts/trigger.ts';
import type { OrgTx } from '../../db/client.ts';
import type { AcceptRequest } from '../runs/accept.ts';
import { findEmployee } from '../employees/find.ts';
import { initiatorOf } from '../runs/intent.ts';
import { ownerMayStartRuns } from '../schedules/owner.ts';
import { changeSubscription } from '../supervisor/adopt-subscriptions.ts';
import type { Choice } from '../supervisor/choose.ts';
import type { NewTrigger } from './new-trigger.ts';

export type Behalf = Pick<AcceptRequest, 'principal' | 'initiator'>;

/**
 * In whose name a candidate's run happens: the person who asks; of an event the subscription's owner, else the employee's.
 * A subscription whose owner is gone is stopped until somebody activates the employee again.
 *
 * @returns why not, where nobody may.
 */
export async function behalfOf(
  tx: OrgTx,
  { row, person }: NewTrigger,
  { subscriptions }: Pick<Choice, 'subscriptions'>,
  candidate: TriggerCandidate,
): Promise<Behalf | string> {
  if (person) return { principal: { type: 'person', id: person.userId }, initiator: initiatorOf(person) };
  const subscribed = subscriptions.get(candidate.employee_id);
  const owner = subscribed?.ownerUserId ?? (await findEmployee(tx, candidate.employee_id)).ownerUserId;
  if (subscribed?.status === 'needs_owner') return 'Its subscription needs an owner: activate the employee again.';
  if (await ownerMayStartRuns(tx, owner)) {
    const initiator = { type: 'event', id: owner, trigger_id: row.triggerId };
    return { principal: { type: 'event', id: owner }, initiator };
  }
  const why = `${owner} may not start runs in this organisation any more`;
  if (subscribed) {
    await changeSubscription(tx, subscribed, { status: 'needs_owner', statusNote: why });
    const { subscriptionId: objectId } = subscribed;
    tx.audit({ action: 'subscription.pause', objectType: 'subscription', objectId, allowed: true, details: { why } });
  }
  return `needs_owner: ${why}.`;
}
