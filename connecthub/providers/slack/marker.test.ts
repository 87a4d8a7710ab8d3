import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiArguments } from '../definition.ts';
import { findMarked } from './marker.ts';

const OURS = { ts: '2.000000', metadata: { event_type: 'clancy_call', event_payload: { key: 'ours' } } };
const FOREIGN = { ts: '1.000000', metadata: { event_type: 'clancy_call', event_payload: { key: 'theirs' } } };

/** A history of which each page is asked for with the cursor of the one before. */
async function search(pageOf: (n: number) => JsonObject, parameters: JsonObject = { channel: 'C1' }) {
  const asked: ({ method: string } & ApiArguments)[] = [];
  const read = async (method: string, args: ApiArguments) => pageOf(asked.push({ ...args, method }));
  const context = { reader: { read, scopes: [] }, nativeKey: 'ours', accountId: 'T1', sinceMs: 1_000_000 };
  return { asked, found: await findMarked(parameters, context) };
}

const page = (messages: JsonObject[], next_cursor = '') => ({ ok: true, messages, response_metadata: { next_cursor } });

describe('the search for our message', () => {
  it('goes on to the page that has it', async () => {
    const { found, asked } = await search((n) => (n === 3 ? page([FOREIGN, OURS], 'c3') : page([FOREIGN], `c${n}`)));
    expect(found).toEqual({ channel: 'C1', ts: '2.000000' });
    expect(asked.map(({ method, cursor }) => [method, cursor])).toEqual([
      ['conversations.history', undefined],
      ['conversations.history', 'c1'],
      ['conversations.history', 'c2'],
    ]);
  });

  it('says that it is not there only after the last page', async () => {
    expect((await search((n) => page([FOREIGN], n === 2 ? '' : 'more'))).found).toBeUndefined();
  });

  it('says nothing of the kind when there are more pages than it reads', async () => {
    const endless = search(() => page([FOREIGN], 'more'));
    await expect(endless).rejects.toMatchObject({ refusal: { code: 'provider_refused', reason: 'too_many_messages' } });
  });

  it('nor when Slack has more and gives no way to it', async () => {
    const cut = search(() => ({ ...page([FOREIGN]), has_more: true }));
    await expect(cut).rejects.toMatchObject({ refusal: { reason: 'too_many_messages' } });
  });

  it('looks no further back than a little before the call, and into the thread for a reply', async () => {
    const { asked } = await search(() => page([]), { channel: 'C1', thread_ts: '1.000000' });
    expect(asked).toMatchObject([{ method: 'conversations.replies', ts: '1.000000', oldest: '880.000000' }]);
  });
});
