import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { HUB_SECRETS, sealedColumns } from '../../db/sealed-columns.ts';
import { hookHarness, type HookHarness } from '../testing/hooks.ts';
import type { Office } from '../testing/office.ts';

let h: HookHarness;
let office: Office;
beforeAll(async () => {
  h = await hookHarness();
}, 120_000);
afterAll(() => h.close());
beforeEach(async () => {
  office = await h.office();
});

const event = (text: string) => ({ type: 'message', channel: 'C0BILLING1', user: 'U0DANA0001', text, ts: '1.1' });
const write = async (text: string, copy: 0 | 1 = 0) =>
  expect(await h.deliver('slack', { team: office.team, event: event(text) }, copy)).toEqual([200]);
const told = () => h.agentCore.of(office.orgId).map(({ text }) => text);
const stored = async () => {
  const read =
    'select event_id, payload, text, to_jsonb(e)::text as whole from hub.webhook_events e where org_id = $1 order by position';
  return (await h.owner.query<{ event_id: string; payload: string; text: null; whole: string }>(read, [office.orgId])).rows;
};
const forwardUntilParked = async () => {
  const states = async () => (await h.events(office.orgId)).map(({ state }) => state);
  while ((await states()).includes('unsent')) {
    await h.passPauses(office.orgId);
    await h.forward(1);
  }
};
const parked = async () => (await office.asPerson('GET', '/webhooks/events?state=parked')).json;

it('what an event says lies sealed, also once more was read for it, and is told as it was', async () => {
  await write('the merger is on');
  const [before] = await stored();
  await h.forward();
  const [after] = await stored();
  for (const row of [before, after]) {
    expect(row).toMatchObject({ payload: expect.stringMatching(/^v1\./), text: null });
    expect(row?.whole).not.toMatch(/merger|C0BILLING1|U0DANA0001/);
  }
  expect(after?.payload).not.toBe(before?.payload);
  expect(h.agentCore.of(office.orgId)).toMatchObject([{ text: 'the merger is on', payload: { channel_name: 'billing' } }]);
});

it('a repeated event is known, whatever it was sealed as', async () => {
  const same = { team: office.team, event: event('once'), event_id: 'Ev0SAME' };
  await h.deliver('slack', same);
  await h.deliver('slack', same, 1);
  expect(await stored()).toHaveLength(1);
  await h.forward();
});

it('is sealed for its own row: copied to another it is parked, and nobody is told', async () => {
  await write('first');
  await write('second');
  const [first, second] = await stored();
  const copy = 'update hub.webhook_events set payload = to_jsonb($3::text) where org_id = $1 and event_id = $2';
  await h.owner.query(copy, [office.orgId, second?.event_id, first?.payload]);
  await forwardUntilParked();
  expect(told()).toEqual(['first']);
  expect(await parked()).toMatchObject({
    items: [{ event_id: second?.event_id, last_error: expect.stringContaining('cannot be read') }],
  });
});

it('ends with the keys of its organisation: it is parked, and says why', async () => {
  await write('nobody reads this again');
  await h.owner.query('delete from hub.data_keys where org_id = $1', [office.orgId]);
  await forwardUntilParked();
  expect(told()).toEqual([]);
  expect(await parked()).toMatchObject({
    items: [{ last_error: 'What the event said cannot be read any more: the key that it was sealed with is gone.' }],
  });
});

it('is sealed anew with the others when keys are changed, page by page', async () => {
  await write('one');
  await write('two');
  const { database, secretBox } = h.copies[0].parts;
  const column = sealedColumns(database, HUB_SECRETS).find(({ name }) => name === 'webhook_events.payload');
  if (!column) throw new Error('not among the sealed columns');
  const { orgId } = office;
  const seen = new Map<string, string>();
  for (let last = '', page = await column.page(orgId, last, 1); page[0]; page = await column.page(orgId, last, 1)) {
    const { object, sealed } = page[0];
    const place = column.placeOf(orgId, object);
    const after = await secretBox.seal(place, await secretBox.open(place, sealed));
    expect(await column.replace(orgId, [{ object, before: sealed, after }])).toBe(1);
    expect(await column.replace(orgId, [{ object, before: sealed, after: sealed }])).toBe(0);
    seen.set(object, after);
    last = object;
  }
  expect(new Map((await stored()).map((row) => [row.event_id, row.payload]))).toEqual(seen);
  await h.forward();
  expect(told()).toEqual(['one', 'two']);
});
