import { z } from 'zod';
import { flag } from '../args.ts';
import { APP } from '../seed.ts';
import { defineMethod } from './method.ts';

/** https://docs.slack.dev/reference/methods/auth.test */
export const authTest = defineMethod({
  name: 'auth.test',
  scopes: null,
  args: z.strictObject({}),
  run: ({ workspace, actor, isBot, token, now }) => ({
    url: `https://${workspace.domain}.slack.com/`,
    team: workspace.name,
    user: workspace.people.get(actor)?.name,
    team_id: workspace.id,
    user_id: actor,
    ...(isBot ? { bot_id: APP.botId } : {}),
    is_enterprise_install: false,
    ...(token.expiresAtMs === null ? {} : { expires_in: Math.floor((token.expiresAtMs - now()) / 1000) }),
  }),
});

/** https://docs.slack.dev/reference/methods/auth.revoke; the refresh token of the same consent dies with it. */
export const authRevoke = defineMethod({
  name: 'auth.revoke',
  scopes: null,
  args: z.strictObject({ test: flag.optional() }),
  run({ token, revokeGrant, recordEffect, actor }, { test = false }) {
    if (test) return { revoked: false };
    revokeGrant(token.grantId);
    recordEffect({ user: actor });
    return { revoked: true };
  },
});
