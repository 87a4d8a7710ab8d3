import type { HubHarness } from '../../connecthub/testing/harness.ts';
import type { JudgedCall } from './judgement.ts';

/** A person who looks at the provider and says what they see there. */
export async function sayWhatHappened({ site, callId, effects }: JudgedCall): Promise<void> {
  const [effect] = effects;
  const body = effect ? { resolution: 'happened', result: toPost(effect.effectId) } : { resolution: 'did_not_happen' };
  const answer = await site.office.asPerson('POST', `/receipts/${encodeURIComponent(callId)}/resolve`, { body });
  if (answer.status !== 200) throw new Error(`nobody could say what happened: ${answer.text}`);
}

function toPost(effectId: string): { channel: string; ts: string } {
  const [channel = '', ts = ''] = effectId.split('/');
  return { channel, ts };
}

/** What the ledger says of calls, by id. */
export async function ledgerOf({ owner }: HubHarness, calls: readonly JudgedCall[]) {
  const { rows } = await owner.query<{ call_id: string; state: string; attempts: number; idempotency: string }>(
    'select call_id, state, attempts, idempotency from hub.call_keys where call_id = any ($1)',
    [calls.map(({ callId }) => callId)],
  );
  return new Map(rows.map(({ call_id: callId, ...row }) => [callId, row]));
}
