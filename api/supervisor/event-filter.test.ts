import { describe, expect, it } from 'vitest';
import { filterKeyOf, filterKeysOf, meets } from './event-filter.ts';

const message = { channel: 'C0BILL', channel_name: 'billing', user: 'U1', text: 'channel=other', amount: 3, thread_ts: null };

describe('filters of subscriptions', () => {
  it.each([
    [{}, true],
    [{ channel: 'billing' }, true],
    [{ channel: '#Billing' }, true],
    [{ channel: 'C0BILL' }, true],
    [{ channel: 'billing', user: 'U1' }, true],
    [{ channel: 'billing', user: 'U2' }, false],
    [{ channel: 'bill' }, false],
    [{ text: 'channel=other' }, false],
    [{ amount: '3' }, false],
    [{ constructor: 'Object' }, false],
  ])('%j is met by the message: %s', (filter, isMet) => {
    expect(meets(filter, 'slack.message', message)).toBe(isMet);
  });

  it.each([{}, { channel: '#Billing' }, { channel: 'C0BILL' }, { channel: 'billing', user: 'U1' }])(
    '%j is found by a key of the message',
    (filter) => {
      expect(filterKeysOf('slack.message', message)).toContain(filterKeyOf(filter));
    },
  );

  it('of an event whose fields nobody declared are met by nothing but emptiness', () => {
    expect(meets({ channel: 'billing' }, 'acme.message', message)).toBe(false);
    expect(filterKeysOf('acme.message', message)).toEqual(['']);
  });
});
