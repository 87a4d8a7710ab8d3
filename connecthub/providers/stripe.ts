import type { ProviderDefinition } from './definition.ts';
import { readStripeAnswer } from './stripe/answers.ts';
import { customerCreate, customerGet, customerList } from './stripe/customer.ts';
import { API_VERSION } from './stripe/facts.ts';
import { toForm } from './stripe/form.ts';
import { invoiceCreate, invoiceLinesAdd } from './stripe/invoice-draft.ts';
import { invoiceFinalize, invoiceSend } from './stripe/invoice-issue.ts';
import { invoiceGet, invoiceList } from './stripe/invoice-read.ts';
import { stripeOAuth } from './stripe/oauth.ts';
import { paymentLinkCreate } from './stripe/payment-link.ts';
import { paymentList } from './stripe/payment.ts';
import { refundCreate } from './stripe/refund.ts';
import { stripeWebhooks } from './stripe/webhooks.ts';

/** https://docs.stripe.com/api: queries to read, forms to write, one account a connection. */
export const stripe = {
  id: 'stripe',
  title: 'Stripe',
  addresses: {
    authorize: 'https://connect.stripe.com/oauth/authorize',
    token: 'https://connect.stripe.com/oauth/token',
    revoke: 'https://connect.stripe.com/oauth/deauthorize',
    api: 'https://api.stripe.com/v1',
  },
  oauth: stripeOAuth,
  // https://docs.stripe.com/connect/oauth-reference#post-deauthorize: by the platform, of the account.
  revocation: {
    request: ({ accountId, client }) => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${client.secret}` },
      body: new URLSearchParams({ client_id: client.id, stripe_user_id: accountId }).toString(),
    }),
    isDone: ({ status }) => status === 200,
  },
  toHttp: ({ method, args, verb = 'GET', body = {}, headers }) => {
    const common = { 'stripe-version': API_VERSION, ...headers };
    if (verb !== 'GET') {
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      return { verb, path: `/${method}`, headers: { ...common, ...form }, body: toForm(body) };
    }
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(args)) if (value !== undefined) query.set(name, String(value));
    return { verb, path: query.size === 0 ? `/${method}` : `/${method}?${query.toString()}`, headers: common };
  },
  readAnswer: readStripeAnswer,
  // https://docs.stripe.com/rate-limits: the lower of its two numbers, which holds for test accounts.
  limits: [{ name: 'requests a second', countedBy: 'connection', units: 25, perMs: 1_000 }],
  tokenPattern: /\b(?:sk|rk)_(?:live|test)_\w{10,}|\brt_\w{10,}|\bwhsec_\w{10,}/g,
  capabilities: [
    customerList,
    customerGet,
    customerCreate,
    invoiceList,
    invoiceGet,
    invoiceCreate,
    invoiceLinesAdd,
    invoiceFinalize,
    invoiceSend,
    paymentList,
    refundCreate,
    paymentLinkCreate,
  ],
  webhooks: stripeWebhooks,
} satisfies ProviderDefinition;
