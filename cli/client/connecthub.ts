import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import {
  catalogueAnswer,
  connectedAnswer,
  connectionPageAnswer,
  launchAnswer,
  receiptAnswer,
  receiptPageAnswer,
  receivingAnswer,
  webhookEventAnswer,
  webhookEventPageAnswer,
} from './answers/connecthub.ts';
import type { PageQuery } from './answers/page.ts';
import { path, send, type Service } from './http.ts';

/** ConnectHub's `/connections` and `/oauth/launch`. */
export function connectionsClient(hub: Service) {
  return {
    /** A single-use address (60 s), to be opened in the browser of the person who connects the account. */
    launch: (provider: string, query: { capabilities?: string | undefined; connection_id?: string | undefined } = {}) =>
      send(hub, { path: path`/oauth/launch/${provider}`, query, answer: launchAnswer }),
    /** An account whose tokens Auth0's Token Vault holds. */
    connectAuth0: (body: { provider: string; connection: string; refresh_token: string }) =>
      send(hub, { method: 'POST', path: '/connections/auth0', body, answer: connectedAnswer }),
    list: (query: PageQuery = {}) => send(hub, { path: '/connections', query: { ...query }, answer: connectionPageAnswer }),
    /** Whether what happens in the account becomes events, where the provider has to be asked for it. */
    receive: (connectionId: string, receiving: boolean) =>
      send(hub, {
        method: 'PUT',
        path: path`/connections/${connectionId}/receiving`,
        body: { receiving },
        answer: receivingAnswer,
      }),
    remove: async (connectionId: string): Promise<void> => {
      await send(hub, { method: 'DELETE', path: path`/connections/${connectionId}`, answer: z.unknown() });
    },
  };
}

export interface ReceiptQuery extends PageQuery {
  readonly run_id?: string | undefined;
  readonly employee_id?: string | undefined;
  readonly outcome?: string | undefined;
}

export type Resolution = { readonly resolution: 'happened'; readonly result?: Json } | { readonly resolution: 'did_not_happen' };

/** ConnectHub's `/receipts`: what each call left behind. */
export function receiptsClient(hub: Service) {
  return {
    list: (query: ReceiptQuery = {}) => send(hub, { path: '/receipts', query: { ...query }, answer: receiptPageAnswer }),
    get: (callId: string) => send(hub, { path: path`/receipts/${callId}`, answer: receiptAnswer }),
    /** A person's word on a call of which nobody can tell whether it happened. */
    resolve: (callId: string, resolution: Resolution) =>
      send(hub, {
        method: 'POST',
        path: path`/receipts/${callId}/resolve`,
        body: resolution,
        answer: receiptAnswer,
      }),
  };
}

export interface WebhookQuery extends PageQuery {
  readonly state?: string | undefined;
  readonly provider?: string | undefined;
}

/** ConnectHub's `/webhooks`: what providers told. */
export function webhooksClient(hub: Service) {
  return {
    list: (query: WebhookQuery = {}) =>
      send(hub, { path: '/webhooks/events', query: { ...query }, answer: webhookEventPageAnswer }),
    retry: (eventId: string) =>
      send(hub, { method: 'POST', path: path`/webhooks/events/${eventId}/retry`, body: {}, answer: webhookEventAnswer }),
  };
}

export interface CapabilityQuery {
  readonly provider?: string | undefined;
  readonly permission?: string | undefined;
  readonly risk?: string | undefined;
}

/** ConnectHub's `/capabilities`. */
export function capabilitiesClient(hub: Service) {
  return {
    list: (query: CapabilityQuery = {}) => send(hub, { path: '/capabilities', query: { ...query }, answer: catalogueAnswer }),
  };
}
