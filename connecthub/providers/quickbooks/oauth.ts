import { z } from 'zod';
import type { OAuthDefinition } from '../definition.ts';
import { readBody } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';

/** The whole of the Accounting API: Intuit has no finer scopes. */
export const ACCOUNTING = 'com.intuit.quickbooks.accounting';

const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive(),
});
const companySchema = z.looseObject({ CompanyInfo: z.looseObject({ CompanyName: z.string().optional() }) });

/** https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0 */
export const quickBooksOAuth: OAuthDefinition = {
  scopes: [ACCOUNTING],
  scopeSeparator: ' ',
  authorizeParameters: { response_type: 'code' },
  clientAuthentication: 'basic',
  pkce: false,
  tokenTypes: [],
  assertGranted: () => undefined,
  // The answer names no scopes: they are those that were asked for (RFC 6749, 5.1).
  readTokens: (body) => {
    const parsed = tokensSchema.safeParse(body);
    if (!parsed.success) throw failed('unreadable_answer');
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds } = parsed.data;
    return { accessToken, expiresInSeconds, scopes: [ACCOUNTING], ...(refreshToken !== undefined && { refreshToken }) };
  },
  // The company stands in the callback only, which came through a browser: that its name can be read proves that the
  // token is for it.
  readAccount: async ({ callback, readerOf }) => {
    const realmId = callback['realmId'] ?? '';
    if (!/^\d{1,20}$/.test(realmId)) throw failed('realm_missing');
    const { CompanyInfo: company } = readBody(companySchema, await readerOf(realmId).read(`companyinfo/${realmId}`, {}));
    return { accountId: realmId, accountName: company.CompanyName ?? realmId };
  },
};

function failed(reason: string): ProviderRefusal {
  return new ProviderRefusal({ code: 'oauth_failed', reason, retryable: false });
}
