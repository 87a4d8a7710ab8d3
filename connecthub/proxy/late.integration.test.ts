import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSkillRunId } from '../../contracts/ids.ts';
import { breakUpdateOf } from '../testing/break-update.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const POST = { channel: '#billing', text: 'Once.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

/** Holds a post at the provider, does something to its ledger entry, and lets the provider say yes. */
async function answerAfter(meanwhile: () => Promise<unknown>) {
  const callId = office.callId();
  const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: 'chat.postMessage' });
  const answer = office.call('slack.post', POST, { callId });
  await barrier.waitUntilHeld();
  await meanwhile();
  await barrier.release();
  await answer;
  return callId;
}

const turn = (state: 'unknown' | 'refused' | 'maybe') => () =>
  harness.owner.query(`update hub.call_keys set state = $2, settle_after = now() + interval '1 hour' where org_id = $1`, [
    office.orgId,
    state,
  ]);
const rowsOf = async (sql: string) => (await harness.owner.query(sql, [office.orgId])).rows;
const states = () => rowsOf('select state from hub.call_keys where org_id = $1');
const told = () => rowsOf(`select payload from hub.outbox where org_id = $1 and kind = 'receipt_resolved'`);

describe('a yes of the provider that comes late', () => {
  it('counts while the call waits to be settled', async () => {
    await answerAfter(turn('maybe'));
    expect(await states()).toEqual([{ state: 'succeeded' }]);
    expect(await told()).toEqual([]);
  });

  it('counts while nobody has said what became of the call, and ends the wait of its run', async () => {
    const callId = await answerAfter(turn('unknown'));
    expect(await states()).toEqual([{ state: 'succeeded' }]);
    expect(await told()).toMatchObject([
      {
        payload: {
          run_id: office.runId,
          workflow_id: makeSkillRunId({ run: office.runId, node: 'digest', visit: 1 }),
          kind: 'receipt_resolved',
          data: { call_id: callId, resolution: 'happened' },
        },
      },
    ]);
    expect((await office.call('slack.post', POST, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await office.posts()).toHaveLength(1);
  });

  it('does not undo what was said about the call', async () => {
    await answerAfter(turn('refused'));
    expect(await states()).toEqual([{ state: 'refused' }]);
  });

  it('says nothing about a later attempt', async () => {
    await answerAfter(() =>
      harness.owner.query(`update hub.call_keys set state = 'unknown', fence = fence + 1 where org_id = $1`, [office.orgId]),
    );
    expect(await states()).toEqual([{ state: 'unknown' }]);
  });
});

describe('a yes of the provider while the database is away for a moment', () => {
  it('is recorded when it is back', async () => {
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: 'chat.postMessage' });
    const answer = office.call('slack.post', POST);
    await barrier.waitUntilHeld();
    await breakUpdateOf(harness.surroundings.database.ownerUrl, { table: 'hub.call_keys', orgId: office.orgId }, () =>
      barrier.release(),
    );
    expect((await answer).json).toMatchObject({ status: 'succeeded', replayed: false });
    expect(await states()).toEqual([{ state: 'succeeded' }]);
  });
});

describe('a post without an answer', () => {
  /** Milliseconds from the end of the lease (or from now where it was ended) to the time of settling. */
  const times = async () =>
    rowsOf(`select extract(epoch from settle_after - deadline)::float8 as settle_s,
      deadline - updated_at > interval '5 seconds' as lease_stands from hub.call_keys where org_id = $1`);
  const postInto = async (fault: object) => {
    const { sandbox } = harness.surroundings;
    await sandbox.inject({ team: office.team, method: 'chat.postMessage', when: 'after', ...fault } as Parameters<
      typeof sandbox.inject
    >[0]);
    return office.call('slack.post', POST);
  };

  it.each([{ kind: 'reset' }, { kind: 'half' }, { kind: 'status', status: 504 }])(
    'is looked for only after its deadline and the time to settle ($kind)',
    async (fault) => {
      const answer = await postInto(fault);
      expect(answer.json).toMatchObject({ code: 'call_settling' });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(5);
      expect(await times()).toEqual([{ settle_s: 3, lease_stands: true }]);
    },
  );

  it.each([
    { kind: 'status', status: 500 },
    { kind: 'error', error: 'fatal_error' },
  ])('is looked for sooner where Slack has at least ended its work ($kind)', async (fault) => {
    expect((await postInto(fault)).json).toMatchObject({ code: 'call_settling' });
    const [row] = await times();
    expect(row).toMatchObject({ lease_stands: false });
    expect(row?.settle_s).toBeCloseTo(3, 1);
  });
});
