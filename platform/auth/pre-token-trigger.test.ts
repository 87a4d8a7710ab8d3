import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAgentAssertionVerifier, signAgentAssertion } from './agent-assertion.ts';
import { createPreTokenTrigger } from './pre-token-trigger.ts';
import { parseSigningKey, publicJwks } from './signing-key.ts';

const key = parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
const trigger = createPreTokenTrigger({
  verifyAssertion: createAgentAssertionVerifier(publicJwks(key)),
  serviceClientIds: new Set(['worker1']),
});
const claims = { org_id: 'org_a', agent_id: '0123456789abcdefghjkmnpqrs', capability_scope: ['slack/slack.post'] };
const assertionFor = (client_id: string) => signAgentAssertion(key, { client_id, ...claims });

/** As documented for machine-to-machine grants, event version 3. */
const event = (clientId: string, clientMetadata: unknown) => ({
  version: '3',
  triggerSource: 'TokenGeneration_ClientCredentials',
  region: 'eu-central-1',
  userPoolId: 'eu-central-1_TestPool1',
  userName: clientId,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
  request: { userAttributes: {}, groupConfiguration: {}, scopes: ['clancy/agent'], clientMetadata },
  response: { claimsAndScopeOverrideDetails: null },
});

test('an employee gets the asserted claims, and the event comes back otherwise unchanged', async () => {
  const asked = event('emp1', { assertion: await assertionFor('emp1') });
  expect(await trigger(asked)).toEqual({
    ...asked,
    response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: claims } } },
  });
});

test('what else stands in the metadata has no say', async () => {
  const metadata = { assertion: await assertionFor('emp1'), org_id: 'org_b', capability_scope: 'gmail/email.send' };
  const { response } = await trigger(event('emp1', metadata));
  expect(response.claimsAndScopeOverrideDetails?.accessTokenGeneration.claimsToAddOrOverride).toEqual(claims);
});

test('a service gets no claims, assertion or not', async () => {
  for (const metadata of [undefined, null, { assertion: await assertionFor('worker1') }]) {
    expect((await trigger(event('worker1', metadata))).response).toEqual({ claimsAndScopeOverrideDetails: null });
  }
});

test.each<[string, string, () => Promise<unknown>]>([
  ['has no metadata', 'claims', async () => event('emp1', undefined)],
  ['has no assertion', 'claims', async () => event('emp1', { org_id: 'org_a' })],
  ['has the assertion of another client', 'client', async () => event('emp1', { assertion: await assertionFor('emp2') })],
  ['has an assertion that is none', 'malformed', async () => event('emp1', { assertion: 'x' })],
  [
    'is for a person who signs in',
    'malformed',
    async () => ({
      ...event('emp1', { assertion: await assertionFor('emp1') }),
      triggerSource: 'TokenGeneration_HostedAuth',
    }),
  ],
  [
    'is of an older version',
    'malformed',
    async () => ({ ...event('emp1', { assertion: await assertionFor('emp1') }), version: '2' }),
  ],
  ['is nothing', 'malformed', async () => undefined],
])('a request that %s gets no token', async (_name, reason, make) => {
  await expect(trigger(await make())).rejects.toMatchObject({ reason });
});
