import { z } from 'zod';
import type { Account, OAuthDefinition, ProviderReader } from '../definition.ts';
import { readBody } from '../parameters.ts';
import { ProviderRefusal, safeReason } from '../refusal.ts';

const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
});
const userSchema = z.looseObject({ id: z.int().positive(), login: z.string().min(1) });

/** The grant or its code is gone. https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors */
const DEAD = new Set(['bad_refresh_token', 'bad_verification_code']);

/**
 * A GitHub App that acts for a person. https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app:
 * there are no scopes, the App's permissions and the person's rights say what may be done. Tokens last eight hours, a
 * refresh token is good for one refresh.
 */
export const githubOAuth: OAuthDefinition = {
  scopes: [],
  scopeSeparator: ' ',
  clientAuthentication: 'post',
  pkce: true,
  tokenTypes: [],
  // GitHub says no at HTTP 200.
  assertGranted: (body) => {
    if (body['error'] === undefined) return;
    const reason = safeReason(body['error']);
    const isDead = DEAD.has(reason);
    throw new ProviderRefusal({ code: 'oauth_failed', reason, retryable: false, ...(isDead && { grant: 'dead' as const }) });
  },
  readTokens: (body) => {
    const parsed = tokensSchema.safeParse(body);
    if (!parsed.success) throw new ProviderRefusal({ code: 'oauth_failed', reason: 'unreadable_answer', retryable: false });
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds } = parsed.data;
    return {
      accessToken,
      scopes: [],
      ...(refreshToken !== undefined && { refreshToken }),
      ...(expiresInSeconds !== undefined && { expiresInSeconds }),
    };
  },
  readAccount: ({ readerOf }) => readUser(readerOf('')),
};

/** A login can be changed, the number cannot. */
export async function readUser(reader: ProviderReader): Promise<Account> {
  const { id, login } = readBody(userSchema, await reader.read('user', {}));
  return { accountId: String(id), accountName: login };
}
