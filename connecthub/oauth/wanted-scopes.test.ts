import { describe, expect, it } from 'vitest';
import { tokenKindOf, type CapabilityDefinition } from '../providers/definition.ts';
import { gmail } from '../providers/gmail.ts';
import { COMPOSE, MODIFY, READ, SEND } from '../providers/gmail/scopes.ts';
import { quickbooks } from '../providers/quickbooks.ts';
import { slack } from '../providers/slack.ts';
import { wantedScopes } from './wanted-scopes.ts';

const NOTHING = { own: [], user: [] };
const definitions = [gmail, quickbooks, slack];
const named = (capabilities: readonly CapabilityDefinition[], ...names: string[]) =>
  capabilities.filter(({ capability }) => names.includes(capability));

describe('the scopes that a person is asked for', () => {
  it('are those of what the account is wanted for, and who it is', () => {
    const asked = { capabilities: named(gmail.capabilities, 'email.search'), held: NOTHING };
    expect(wantedScopes(gmail, asked).own).toEqual(['openid', 'email', READ]);
  });

  it('hold those by which a lost answer is found again, and those with which more can be done', () => {
    expect(wantedScopes(gmail, { capabilities: named(gmail.capabilities, 'email.send'), held: NOTHING }).own).toEqual(
      expect.arrayContaining([SEND, READ]),
    );
    expect(wantedScopes(slack, { capabilities: named(slack.capabilities, 'slack.users.find'), held: NOTHING })).toEqual({
      own: ['users:read', 'users:read.email'],
      user: [],
    });
  });

  it('leave nothing out that the connection has', () => {
    const asked = {
      capabilities: named(gmail.capabilities, 'email.label'),
      held: { own: [COMPOSE, 'of another time'], user: [] },
    };
    expect(wantedScopes(gmail, asked).own).toEqual(['openid', 'email', COMPOSE, MODIFY]);
  });

  it('of a person are asked for with what needs the token of one, the others with the rest', () => {
    const search = { capabilities: named(slack.capabilities, 'slack.search'), held: NOTHING };
    expect(wantedScopes(slack, search)).toEqual({ own: [], user: ['search:read'] });
    const post = { capabilities: named(slack.capabilities, 'slack.react'), held: { own: [], user: ['search:read'] } };
    expect(wantedScopes(slack, post).user).toEqual(['search:read']);
  });

  it.each(definitions)('of $id are enough for each of its capabilities', (provider) => {
    for (const capability of provider.capabilities) {
      const { own, user } = wantedScopes(provider, { capabilities: [capability], held: NOTHING });
      expect(tokenKindOf(capability) === 'user' ? user : own).toEqual(expect.arrayContaining([...capability.scopes]));
    }
  });
});
