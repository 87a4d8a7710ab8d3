import { describe, expect, it } from 'vitest';
import type { CapabilityDefinition } from '../providers/definition.ts';
import { gmail } from '../providers/gmail.ts';
import { COMPOSE, MODIFY, READ, SEND } from '../providers/gmail/scopes.ts';
import { quickbooks } from '../providers/quickbooks.ts';
import { slack } from '../providers/slack.ts';
import { wantedScopes } from './wanted-scopes.ts';

const definitions = [gmail, quickbooks, slack];
const named = (capabilities: readonly CapabilityDefinition[], ...names: string[]) =>
  capabilities.filter(({ capability }) => names.includes(capability));

describe('the scopes that a person is asked for', () => {
  it('are those of what the account is wanted for, and who it is', () => {
    const asked = { capabilities: named(gmail.capabilities, 'email.search'), held: [] };
    expect(wantedScopes(gmail, asked)).toEqual(['openid', 'email', READ]);
  });

  it('hold those by which a lost answer is found again, and those with which more can be done', () => {
    expect(wantedScopes(gmail, { capabilities: named(gmail.capabilities, 'email.send'), held: [] })).toEqual(
      expect.arrayContaining([SEND, READ]),
    );
    expect(wantedScopes(slack, { capabilities: named(slack.capabilities, 'slack.users.find'), held: [] })).toEqual([
      'users:read',
      'users:read.email',
    ]);
  });

  it('leave nothing out that the connection has', () => {
    const asked = { capabilities: named(gmail.capabilities, 'email.label'), held: [COMPOSE, 'of another time'] };
    expect(wantedScopes(gmail, asked)).toEqual(['openid', 'email', COMPOSE, MODIFY]);
  });

  it.each(definitions)('of $id are enough for each of its capabilities', (provider) => {
    for (const capability of provider.capabilities) {
      expect(wantedScopes(provider, { capabilities: [capability], held: [] })).toEqual(
        expect.arrayContaining([...capability.scopes]),
      );
    }
  });
});
