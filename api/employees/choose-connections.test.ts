import { expect, test } from 'vitest';
import type { Catalogue } from '../../contracts/capability.ts';
import { launchPath } from '../../contracts/launch.ts';
import { capabilityEntry } from '../graph-builder/testing/capability-entry.ts';
import { chooseConnections } from './choose-connections.ts';

const connection = (id: string, status: 'active' | 'needs_reauth' | 'disconnected' = 'active') => ({
  connection_id: id,
  account_name: id,
  status,
  scopes: ['chat:write', 'channels:history'],
});
const post = {
  ...capabilityEntry({ provider: 'slack', name: 'slack.post', permission: 'slack.write', risk: 'write' }),
  scopes: ['chat:write'],
};
const catalogueWith = (connections: ReturnType<typeof connection>[]): Catalogue => ({
  providers: [{ provider: 'slack', title: 'Slack', capabilities: [post], connections }],
});
const choose = (connections: ReturnType<typeof connection>[], wanted: { [provider: string]: string } = {}) =>
  chooseConnections({
    capabilities: ['slack/slack.post', 'slack/slack.read'],
    catalogue: catalogueWith(connections),
    wanted,
    launchUrl: (provider, request) => `https://hub.test${launchPath(provider, request)}`,
  });

test('the only active connection is taken', () => {
  expect([...choose([connection('a'), connection('b', 'disconnected')])]).toEqual([['slack', 'a']]);
});

test('of several connections the named one is taken', () => {
  expect([...choose([connection('a'), connection('b')], { slack: 'b' })]).toEqual([['slack', 'b']]);
});

const LAUNCH = /^https:\/\/hub\.test\/oauth\/launch\/slack\?capabilities=slack\.post,slack\.read$/;

test('a connection that lacks a scope is said to, with where to allow just that', () => {
  const connections = [{ ...connection('a'), scopes: ['channels:history'] }];
  const missing = {
    provider: 'slack',
    launch: 'https://hub.test/oauth/launch/slack?capabilities=slack.post,slack.read&connection_id=a',
    problem: 'the connection a lacks the scopes chat:write',
  };
  expect(() => choose(connections)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ extra: { connections: [missing] } }) }),
  );
});

test.each([
  ['nothing is connected', [], {}],
  ['the connection needs a new authorisation', [connection('a', 'needs_reauth')], {}],
  ['there are several and none was named', [connection('a'), connection('b')], {}],
  ['the named one is not there', [connection('a')], { slack: 'other' }],
])('it is said where to connect when %s', (_when, connections, wanted) => {
  const missing = expect.objectContaining({ provider: 'slack', launch: expect.stringMatching(LAUNCH) });
  expect(() => choose(connections, wanted)).toThrow(
    expect.objectContaining({
      code: 'connection_required',
      details: expect.objectContaining({ extra: { connections: [missing] } }),
    }),
  );
});
