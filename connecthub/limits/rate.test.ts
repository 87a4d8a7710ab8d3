import { describe, expect, it } from 'vitest';
import { gmail } from '../providers/gmail.ts';
import { quickbooks } from '../providers/quickbooks.ts';
import { createRegistry } from '../providers/registry.ts';
import { slack } from '../providers/slack.ts';
import { ratesOf, slotMsOf } from './rate.ts';

const keys = (rates: ReturnType<typeof ratesOf>) => rates.map(({ key, units, most, perMs }) => [key, units, most, perMs]);

describe('what a request counts against', () => {
  it('is its method’s tier at Slack, and the channel for a message', () => {
    const post = ratesOf(slack.limits, 'conn_1', { method: 'chat.postMessage', args: { channel: '#billing', text: 'hi' } });
    expect(keys(post)).toEqual([
      ['messages in the workspace: chat.postMessage', 1, 200, 60_000],
      ['messages to a channel: #billing', 1, 1, 1_000],
    ]);
    expect(keys(ratesOf(slack.limits, 'conn_1', { method: 'users.list', args: {} }))).toEqual([
      ['tier 2: users.list', 1, 20, 60_000],
    ]);
  });

  it('is the company at QuickBooks, whatever the request', () => {
    expect(keys(ratesOf(quickbooks.limits, 'conn_1', { method: 'query', args: {} }))).toEqual([
      ['requests a minute', 1, 500, 60_000],
      ['requests a second', 1, 10, 1_000],
    ]);
  });

  it.each([
    ['messages/send', 'POST', 100],
    ['messages/18f', 'GET', 5],
    ['messages', 'GET', 5],
    ['messages/18f/modify', 'POST', 5],
    ['drafts', 'POST', 10],
    ['threads/18f', 'GET', 10],
    ['labels', 'GET', 1],
    ['something/new', 'GET', 10],
  ] as const)('is units of the mailbox at Gmail: %s by %s takes %d', (method, verb, units) => {
    expect(keys(ratesOf(gmail.limits, 'conn_1', { method, verb, args: {} }))).toEqual([['units a minute', units, 6_000, 60_000]]);
  });

  it('is kept under a short key, however long the argument is', () => {
    const long = ratesOf(slack.limits, 'c', { method: 'chat.postMessage', args: { channel: '#'.repeat(5_000) } });
    expect(Math.max(...long.map(({ key }) => key.length))).toBeLessThan(120);
  });

  it('is counted in a window that is never shorter than the limit’s and the margin', () => {
    for (const rate of ratesOf(quickbooks.limits, 'c', { method: 'query', args: {} })) {
      expect(20 * slotMsOf(rate)).toBeGreaterThanOrEqual(rate.perMs + rate.marginMs);
    }
  });
});

describe('every provider', () => {
  const client = { clientId: 'id', clientSecret: 'secret' };
  const settings = { slack: client, quickbooks: client, gmail: client, stripe: client, github: client };
  const { providers } = createRegistry(settings);

  it.each(providers.map((provider) => [provider.definition.id, provider] as const))(
    '%s has limits that can be told apart and kept, and calls that end within a minute',
    (_id, { limits, definition }) => {
      expect(limits.length).toBeGreaterThan(0);
      expect(new Set(limits.map(({ name }) => name)).size).toBe(limits.length);
      expect(limits.every(({ units, perMs }) => units >= 1 && perMs >= 1_000)).toBe(true);
      // The organisation's calls at once are counted among those of a minute.
      expect(definition.capabilities.filter(({ timeoutMs }) => timeoutMs > 50_000)).toEqual([]);
    },
  );
});
