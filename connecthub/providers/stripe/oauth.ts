import { z } from 'zod';
import type { OAuthDefinition } from '../definition.ts';
import { readBody } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';

/** Stripe has one scope for everything that is more than reading. */
export const READ_WRITE = 'read_write';

const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  scope: z.string().optional(),
});
const grantedSchema = z.looseObject({ stripe_user_id: z.string().regex(/^acct_\w{1,60}$/), livemode: z.boolean() });
const accountSchema = z.looseObject({
  id: z.string(),
  business_profile: z.looseObject({ name: z.string().nullish() }).nullish(),
  settings: z.looseObject({ dashboard: z.looseObject({ display_name: z.string().nullish() }).nullish() }).nullish(),
});

/**
 * Stripe Connect for accounts that are their owner's own. https://docs.stripe.com/connect/oauth-reference: the client's
 * secret is the platform's secret key, access tokens do not end by themselves.
 */
export const stripeOAuth: OAuthDefinition = {
  scopes: [READ_WRITE],
  scopeSeparator: ' ',
  authorizeParameters: { response_type: 'code' },
  clientAuthentication: 'post',
  pkce: false,
  tokenTypes: [],
  assertGranted: () => undefined,
  readTokens: (body) => {
    const parsed = tokensSchema.safeParse(body);
    if (!parsed.success) throw unreadable();
    const { access_token: accessToken, refresh_token: refreshToken, scope = READ_WRITE } = parsed.data;
    return { accessToken, scopes: [scope], ...(refreshToken !== undefined && { refreshToken }) };
  },
  readAccount: async ({ body, readerOf }) => {
    const granted = grantedSchema.safeParse(body);
    if (!granted.success) throw unreadable();
    const { stripe_user_id: accountId, livemode } = granted.data;
    const account = readBody(accountSchema, await readerOf(accountId).read('account', {}));
    if (account.id !== accountId) throw unreadable();
    const name = account.business_profile?.name ?? account.settings?.dashboard?.display_name ?? accountId;
    // Nobody should take play money for money.
    return { accountId, accountName: livemode ? name : `${name} (test mode)` };
  },
};

function unreadable(): ProviderRefusal {
  return new ProviderRefusal({ code: 'oauth_failed', reason: 'unreadable_answer', retryable: false });
}
