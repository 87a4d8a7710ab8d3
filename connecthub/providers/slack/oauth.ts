import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { OAuthDefinition } from '../definition.ts';
import { ProviderRefusal, safeReason } from '../refusal.ts';
import { readRefusal } from './answers.ts';

/** https://docs.slack.dev/authentication/installing-with-oauth; the bot's token stands at the top of the answer. */
const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
  scope: z.string(),
});

const named = z.looseObject({ id: z.string().min(1), name: z.string().nullish() });
const installationSchema = z.looseObject({
  team: named.nullish(),
  enterprise: named.nullish(),
  is_enterprise_install: z.boolean().optional(),
});

function unreadable(): ProviderRefusal {
  return new ProviderRefusal({ code: 'oauth_failed', reason: 'unreadable_answer', retryable: false });
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
  scopeSeparator: ',',
  clientAuthentication: 'basic',
  pkce: false,
  tokenTypes: ['bot'],
  assertGranted: (body) => {
    if (body['ok'] !== true) throw new ProviderRefusal(readRefusal(safeReason(body['error'])));
  },
  readTokens: (body: JsonObject) => {
    const parsed = tokensSchema.safeParse(body);
    if (!parsed.success) throw unreadable();
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds, scope } = parsed.data;
    return {
      accessToken,
      scopes: scope.split(/[\s,]+/).filter((word) => word !== ''),
      ...(refreshToken !== undefined && { refreshToken }),
      ...(expiresInSeconds !== undefined && { expiresInSeconds }),
    };
  },
  readAccount: async ({ body }) => {
    const { team, enterprise, is_enterprise_install: isOrgInstall } = installationSchema.parse(body);
    const account = isOrgInstall === true ? enterprise : team;
    if (!account) throw unreadable();
    return { accountId: account.id, accountName: account.name ?? account.id };
  },
};
