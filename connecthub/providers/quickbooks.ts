import type { ProviderDefinition } from './definition.ts';
import { readQuickBooksAnswer } from './quickbooks/answers.ts';
import { billCreate, billList } from './quickbooks/bill.ts';
import { customerCreate, customerList } from './quickbooks/customer.ts';
import { invoiceCreate } from './quickbooks/invoice-create.ts';
import { invoiceGet, invoiceList } from './quickbooks/invoice-read.ts';
import { invoiceSend } from './quickbooks/invoice-send.ts';
import { quickBooksOAuth } from './quickbooks/oauth.ts';
import { paymentCreate, paymentList } from './quickbooks/payment.ts';
import { agedReceivables, profitAndLoss } from './quickbooks/reports.ts';
import { quickBooksWebhooks } from './quickbooks/webhooks.ts';

/** The version of the Accounting API's answers; older ones are no longer to be had. */
const MINOR_VERSION = '75';

/** https://developer.intuit.com/app/developer/qbo/docs/develop: one company (realm) a connection. */
export const quickbooks = {
  id: 'quickbooks',
  title: 'QuickBooks',
  addresses: {
    authorize: 'https://appcenter.intuit.com/connect/oauth2',
    token: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
    revoke: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
    api: 'https://quickbooks.api.intuit.com/v3/company',
  },
  testApi: 'https://sandbox-quickbooks.api.intuit.com/v3/company',
  oauth: quickBooksOAuth,
  // Either token ends the grant; the refresh token is the one that has not ended by itself.
  revocation: {
    request: ({ accessToken, refreshToken, client }) => ({
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
      },
      body: JSON.stringify({ token: refreshToken ?? accessToken }),
    }),
    isDone: ({ status }) => status === 200,
  },
  toHttp: ({ method, args, verb = 'GET', body }, realmId) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(args)) if (value !== undefined) query.set(name, String(value));
    query.set('minorversion', MINOR_VERSION);
    const path = `/${realmId}/${method}?${query.toString()}`;
    if (verb === 'GET') return { verb, path, headers: {} };
    // What has no body, such as sending an invoice, wants to be bytes.
    if (!body) return { verb, path, headers: { 'content-type': 'application/octet-stream' }, body: '' };
    return { verb, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  },
  readAnswer: readQuickBooksAnswer,
  // https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features#limits-and-throttles: of each company.
  limits: [
    { name: 'requests a minute', countedBy: 'connection', units: 500, perMs: 60_000 },
    { name: 'requests a second', countedBy: 'connection', units: 10, perMs: 1_000 },
  ],
  tokenPattern: /\beyJ[\w-]{10,}(?:\.[\w-]*){4}|\bAB1\d[A-Za-z0-9]{30,}|\bRT1-[\w-]{20,}/g,
  capabilities: [
    invoiceList,
    invoiceGet,
    invoiceCreate,
    invoiceSend,
    customerList,
    customerCreate,
    paymentList,
    paymentCreate,
    billList,
    billCreate,
    profitAndLoss,
    agedReceivables,
  ],
  webhooks: quickBooksWebhooks,
} satisfies ProviderDefinition;
