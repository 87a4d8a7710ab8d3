import { expect, test } from 'vitest';
import type { Catalogue } from '../../contracts/capability.ts';
import { chooseConnections } from './choose-connections.ts';

const connection = (id: string, status: 'active' | 'needs_reauth' | 'disconnected' = 'active') => ({
  connection_id: id,
  account_name: id,
  status,
  scopes: [],
});
const catalogueWith = (connections: ReturnType<typeof connection>[]): Catalogue => ({
  providers: [{ provider: 'slack', title: 'Slack', capabilities: [], connections }],
});
const choose = (connections: ReturnType<typeof connection>[], wanted: { [provider: string]: string } = {}) =>
  chooseConnections({
    capabilities: ['slack/slack.post', 'slack/slack.read'],
    catalogue: catalogueWith(connections),
    wanted,
    launchUrl: (provider) => `https://hub.test/oauth/launch/${provider}`,
  });

test('the only active connection is taken', () => {
  expect([...choose([connection('a'), connection('b', 'disconnected')])]).toEqual([['slack', 'a']]);
});

test('of several connections the named one is taken', () => {
  expect([...choose([connection('a'), connection('b')], { slack: 'b' })]).toEqual([['slack', 'b']]);
});

test.each([
  ['nothing is connected', [], {}],
  ['the connection needs a new authorisation', [connection('a', 'needs_reauth')], {}],
  ['there are several and none was named', [connection('a'), connection('b')], {}],
  ['the named one is not there', [connection('a')], { slack: 'other' }],
])('it is said where to connect when %s', (_when, connections, wanted) => {
  const missing = expect.objectContaining({ provider: 'slack', launch: 'https://hub.test/oauth/launch/slack' });
  expect(() => choose(connections, wanted)).toThrow(
    expect.objectContaining({
      code: 'connection_required',
      details: expect.objectContaining({ extra: { connections: [missing] } }),
    }),
  );
});
