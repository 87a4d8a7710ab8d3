import type { JsonObject } from '../../contracts/json.ts';
import type { ApiRequest, ApiResult, ProviderReader } from '../providers/definition.ts';

/** A request of a provider, as it came. */
export interface Delivery {
  /** The very bytes that were signed. */
  body: Buffer;
  /** Names in lower case. */
  headers: { readonly [name: string]: string | undefined };
  receivedAt: Date;
}

/** What a provider tells of one account. */
export interface WebhookEvent {
  /** How the provider names whom it concerns: account ids of connections, or names that a subscription made known. */
  accounts: readonly string[];
  /** The provider's own id: what comes again under it is the same event. At most 300 characters. */
  externalId: string;
  /** Digest of what was signed, where the id is not part of it. */
  fingerprint?: string;
  /** `<provider>.<event>`. */
  type: string;
  occurredAt: Date;
  /** Declared fields, no token among them. */
  payload: JsonObject;
  /** What a person wrote. */
  text?: string;
  /** The event only announces: what there is must be read with `fetch`. */
  isAnnouncement?: boolean;
}

/** Who the installation is at the provider: what it does itself is no event. */
export interface Ourselves {
  clientId: string;
}

/** How a delivery proves where it comes from. */
export type Proof =
  | {
      by: 'secret';
      /** Whether one of the secrets signed these bytes, within five minutes of now where the time is signed too. */
      isSigned: (delivery: Delivery, secrets: readonly string[], nowMs: number) => boolean;
    }
  | {
      /** A bearer token of Google's for our address. */
      by: 'google_token';
      /** Where Google publishes its keys. */
      keys: string;
    };

/** What was read at the provider, up to `cursor`; `more`: there is more behind it. */
export interface Fetched {
  events: readonly WebhookEvent[];
  cursor: string;
  more: boolean;
}

export interface FetchContext {
  reader: ProviderReader;
  accountId: string;
  /** Where the last one ended. */
  cursor: string;
  /** What is older is of no concern. */
  since: Date;
}

/** What the provider said to a subscription. */
export interface Subscribed {
  /** Names by which its events tell of this connection, besides the account. */
  names?: readonly string[];
  /** Where reading begins, unless there is a cursor already. */
  cursor?: string;
  endsAt?: Date;
  /** Asked again then, well before the end. */
  renewAfterMs: number;
}

export interface SubscriptionApi {
  reader: ProviderReader;
  send: (request: ApiRequest) => Promise<ApiResult>;
}

/** Where the provider tells of an account only after it was asked to. */
export interface SubscriptionDefinition {
  scopes: readonly string[];
  /** The installation's address at the provider must be set for it (`topic`). */
  needsTopic?: boolean;
  begin: (api: SubscriptionApi, topic: string) => Promise<Subscribed>;
}

/** What is read at the provider about an event before it is told: a name for an id, say. */
export interface CompletionDefinition {
  /** Field of the payload that is known, and the one that is missing; null there = it could not be had. */
  from: string;
  to: string;
  /** May reject. */
  read: (value: string, reader: ProviderReader) => Promise<string>;
}

/** The part of a provider that comes to us. */
export interface WebhookDefinition {
  proof: Proof;
  /** In the order in which they are to be told. What is not for us is left out. @throws ClancyError `invalid_request` */
  events: (delivery: Delivery, ourselves: Ourselves) => readonly WebhookEvent[];
  /** Body of the answer, where the provider waits for one. */
  respond?: (delivery: Delivery) => JsonObject | undefined;
  /** Rejects with `ProviderRefusal`. */
  fetch?: (context: FetchContext) => Promise<Fetched>;
  completion?: CompletionDefinition;
  subscription?: SubscriptionDefinition;
}

/** What the installation says about a provider's webhooks. */
export interface WebhookSettings {
  /** Live secrets: two of them while one takes the place of the other. */
  secrets: readonly string[];
  /** Of Google's push. */
  push?: { audience: string; serviceAccounts: readonly string[]; topic?: string };
}
