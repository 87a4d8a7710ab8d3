import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { OAuthDefinition, OneToken } from '../definition.ts';
import { ProviderRefusal, safeReason } from '../refusal.ts';
import { readRefusal } from './answers.ts';

/**
 * https://docs.slack.dev/authentication/installing-with-oauth: the bot's token stands at the top of the answer, that of the
 * person in it. A refresh answers with the refreshed token at the top, whosever it is:
 * https://docs.slack.dev/authentication/using-token-rotation
 */
const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
  scope: z.string(),
});
const personSchema = z.looseObject({ authed_user: tokensSchema.extend({ id: z.string().min(1) }) });

const named = z.looseObject({ id: z.string().min(1), name: z.string().nullish() });
const installationSchema = z.looseObject({
  team: named.nullish(),
  enterprise: named.nullish(),
  is_enterprise_install: z.boolean().optional(),
});

function unreadable(): ProviderRefusal {
  return new ProviderRefusal({ code: 'oauth_failed', reason: 'unreadable_answer', retryable: false });
}

function toToken(token: z.infer<typeof tokensSchema>): OneToken {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds, scope } = token;
  return {
    accessToken,
    scopes: scope.split(/[\s,]+/).filter((word) => word !== ''),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresInSeconds !== undefined && { expiresInSeconds }),
  };
}

export const slackOAuth: OAuthDefinition = {
  scopes: [
    'channels:history',
    'channels:read',
    'chat:write',
    'im:history',
    'im:write',
    'reactions:read',
    'reactions:write',
    'users:read',
    'users:read.email',
  ],
  // https://docs.slack.dev/reference/methods/search.messages: there is no searching for a bot.
  user: { parameter: 'user_scope', scopes: ['search:read'] },
  scopeSeparator: ',',
  clientAuthentication: 'basic',
  pkce: false,
  tokenTypes: ['bot', 'user'],
  assertGranted: (body) => {
    if (body['ok'] !== true) throw new ProviderRefusal(readRefusal(safeReason(body['error'])));
  },
  readTokens: (body: JsonObject) => {
    const parsed = tokensSchema.safeParse(body);
    if (!parsed.success) throw unreadable();
    const person = personSchema.safeParse(body).data?.authed_user;
    return { ...toToken(parsed.data), ...(person && { user: { ...toToken(person), accountId: person.id } }) };
  },
  readAccount: async ({ body }) => {
    const { team, enterprise, is_enterprise_install: isOrgInstall } = installationSchema.parse(body);
    const account = isOrgInstall === true ? enterprise : team;
    if (!account) throw unreadable();
    return { accountId: account.id, accountName: account.name ?? account.id };
  },
};
