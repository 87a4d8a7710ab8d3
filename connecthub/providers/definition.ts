import type { Deprecation, Idempotency, Risk } from '../../contracts/capability.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Money } from '../../contracts/money.ts';
import type { WebhookDefinition } from '../webhooks/definition.ts';
import type { TokenKind } from '../tokens/token-kind.ts';

/** Arguments of a provider's method, as its form or JSON body takes them. Absent ones are left out. */
export type ApiArguments = { [name: string]: string | number | boolean | undefined };

export interface ApiRequest {
  /** The provider's own word: a Slack method, a path below its API. */
  method: string;
  /** Form or query, as the provider's `toHttp` sends them. */
  args: ApiArguments;
  /** Absent: what the provider's `toHttp` takes for a read. */
  verb?: HttpVerb;
  /** What is not read, as the provider's `toHttp` writes it: JSON, or a form. */
  body?: JsonObject;
  /** Of this request alone, such as an idempotency key. */
  headers?: { [name: string]: string };
  /** In the place of a body: something large, made only when it is sent, at an address of its own below the API's. */
  upload?: { at: string; mediaType: string; content: () => string };
}

/** The files that a call's parameters refer to, by SHA-256. */
export type FileContents = ReadonlyMap<string, Buffer>;

export type HttpVerb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request as it goes out, but for the token and the origin. */
export interface HttpRequest {
  verb: HttpVerb;
  /** Below the address of the API, query included. */
  path: string;
  headers: { [name: string]: string };
  body?: string;
}

/** An answer as it came, body as text. */
export interface HttpAnswer {
  status: number;
  headers: { [name: string]: string };
  body: string;
}

/**
 * What an answer means. `refused`: the provider provably did nothing. `uncertain`: nobody can tell from this answer;
 * `isOver` where the provider has at least ended its work on the request, so that no effect is still to come from it.
 */
export type ApiResult =
  | { kind: 'ok'; body: JsonObject }
  | ({ kind: 'refused' } & Refusal)
  | { kind: 'uncertain'; reason: string; isOver: boolean };

export interface Refusal {
  code: ErrorCode;
  /** The provider's own word (`channel_not_found`): at most 80 characters of `[a-z0-9_.]`. */
  reason: string;
  /** Whether the same call may be tried again: something besides its parameters can change. */
  retryable: boolean;
  retryAfterMs?: number;
  /** The access token ended (a refresh helps) or the whole grant did (only a person helps). */
  grant?: 'expired' | 'dead';
  /** Not the provider's word: ConnectHub kept to this limit of it and sent nothing. */
  limit?: KeptLimit;
}

/** A limit that we keep to, as an answer tells of it. */
export interface KeptLimit {
  name: string;
  most: number;
  perMs: number;
}

/** Reading at the provider, for hooks. Every method rejects with `ProviderRefusal`; nothing here makes an effect. */
export interface ProviderReader {
  read(method: string, args: ApiArguments): Promise<JsonObject>;
  /** Scopes of the connection. */
  readonly scopes: readonly string[];
}

/** What a request mapping may use besides the parameters. */
export interface RequestContext {
  /** 32 base32 characters of SHA-256 of organisation and call id: marks the effect as ours. */
  nativeKey: string;
  /** The connection's account, as `readAccount` told it. */
  accountId: string;
  /** Of a capability that takes files; absent where nothing is sent. */
  files?: FileContents;
}

/** What a lookup may use. */
export interface LookupContext extends RequestContext {
  reader: ProviderReader;
  /** When the first attempt began. */
  sinceMs: number;
}

interface CapabilityFacts {
  capability: string;
  version: number;
  title: string;
  description: string;
  permission: string;
  scopes: readonly string[];
  /** With these it can do more; without them it does the rest. */
  optionalScopes?: readonly string[];
  /** All of the call's requests together must end within it; the lease is longer. */
  timeoutMs: number;
  /** Name of the parameter that tells an operator most. */
  summaryParameter?: string;
  /**
   * Units of the provider's limits that its own request takes (of what it makes of several: the first), where that is more
   * than one: what the `cost` of `limits` says of it.
   */
  costUnits?: number;
  /** It is on its way out: shown in the catalogue, and told with each answer to a call of it. */
  deprecated?: Deprecation;
  /** Its parameters may refer to files (`contracts/files.ts`), which are fetched just before it goes out. */
  takesFiles?: boolean;
  /** JSON Schema 2020-12, `additionalProperties: false` throughout: the result is cut to it. */
  inputSchema: JsonObject;
  outputSchema: JsonObject;
}

/** One request of the provider's API with its mappings. */
interface OneRequest {
  /** Resolves names to ids by reading. Runs again whenever the call is repeated or looked up. */
  prepare?: (parameters: JsonObject, reader: ProviderReader) => Promise<JsonObject>;
  request: (parameters: JsonObject, context: RequestContext) => ApiRequest;
  result: (body: JsonObject, parameters: JsonObject) => Json;
}

/**
 * Whose token a provider wants for a read; where absent, the connection's own. The scopes are that token's. Effects are
 * made with the connection's own, so that nobody is made to say what they did not say.
 */
type ReadingToken = TokenKind;

/** A read of one request. Repeating a read is harmless, so its idempotency is `native`. */
export interface ReadCapability extends CapabilityFacts, OneRequest {
  risk: Extract<Risk, 'read'>;
  tokenKind?: ReadingToken;
}

/** A read made of several requests. */
export interface CollectCapability extends CapabilityFacts {
  risk: Extract<Risk, 'read'>;
  tokenKind?: ReadingToken;
  collect: (parameters: JsonObject, reader: ProviderReader) => Promise<Json>;
}

export interface EffectCapability extends CapabilityFacts, OneRequest {
  risk: Exclude<Risk, 'read'>;
  /** How long after the end of an attempt its effect may still show up. */
  settleMs: number;
  /** The provider's id of what was made, out of the result; undefined where it names none. */
  effectId: (result: JsonObject) => string | undefined;
  /**
   * What the call spends or commits: exact text, no float (`contracts/money.ts`). Taken from the checked parameters alone
   * and before anything is sent, and reserved from the employee's budget under the call id. Absent or undefined: the call
   * moves no money. An amount that is no money by the contract's form refuses the call.
   */
  money?: (parameters: JsonObject) => Money | undefined;
  /**
   * The provider keeps our native key and answers a repeated request with the first one's answer, for this long after the
   * first attempt.
   */
  native?: { windowMs: number };
  /** The provider's words that mean "it stands already"; the result is then made of the parameters. */
  alreadyDone?: { reasons: readonly string[]; result: (parameters: JsonObject, context: RequestContext) => Json };
  /** Finds our effect by its marker, or tells that it is not there. Absent: nobody can tell (`none`). */
  lookup?: {
    scopes: readonly string[];
    /** Our marker is one that this provider may replace: the lookup holds only where the installation says it does not. */
    wantsKeptMarker?: boolean;
    /** Nothing but the marker is looked at: the parameters, which a receipt keeps cut, are not prepared for it. */
    byMarkerAlone?: boolean;
    find: (parameters: JsonObject, context: LookupContext) => Promise<Json | undefined>;
  };
}

export type CapabilityDefinition = ReadCapability | CollectCapability | EffectCapability;

export interface OneToken {
  accessToken: string;
  refreshToken?: string;
  /** Seconds; absent = never. */
  expiresInSeconds?: number;
  scopes: string[];
}

export interface TokenAnswer extends OneToken {
  /** A token of the person who consented, besides the one that the connection itself has; `accountId` is that person's. */
  user?: OneToken & { accountId: string };
}

/** What a finished consent leaves to read the account from. */
export interface Granted {
  /** The token answer. Holds tokens. */
  body: JsonObject;
  /** What stood in the callback's query besides `code` and `state`. It came through the browser: check it. */
  callback: { [name: string]: string };
  /** Reads with the new token, as this account. */
  readerOf: (accountId: string) => ProviderReader;
}

/** The connection's identity at the provider. */
export interface Account {
  accountId: string;
  accountName: string;
}

export interface OAuthDefinition {
  scopes: readonly string[];
  /** What is asked for a person's own token, and the parameter that asks for it. */
  user?: { parameter: string; scopes: readonly string[] };
  scopeSeparator: ',' | ' ';
  /** Added to the consent page's query: `response_type` where the provider wants it, and words of its own. */
  authorizeParameters?: { readonly [name: string]: string };
  clientAuthentication: 'basic' | 'post';
  /** RFC 7636, S256. */
  pkce: boolean;
  /** `token_type` words besides `bearer`. */
  tokenTypes: readonly string[];
  /** Throws `ProviderRefusal` for an answer that says no at HTTP 200. */
  assertGranted: (body: JsonObject) => void;
  /** The scopes are those that were given: a person may have unticked some. */
  readTokens: (body: JsonObject) => TokenAnswer;
  /** Rejects with `ProviderRefusal` where the account cannot be told. */
  readAccount: (granted: Granted) => Promise<Account>;
}

/** Whole `https` addresses. Each one's origin is the only one that requests to it may go to. Where nobody consents, all are the API's. */
export interface Addresses {
  /** Consent page. */
  authorize: string;
  token: string;
  revoke: string;
  /** The paths of requests stand below it. */
  api: string;
}

/** Ends the grant of a connection, at the address `revoke` or at a `path` below it; by `POST` where nothing is said. */
export interface Revocation {
  request: (held: {
    accountId: string;
    accessToken: string;
    refreshToken: string | undefined;
    client: { readonly id: string; readonly secret: string };
  }) => { verb?: 'POST' | 'DELETE'; path?: string; headers: { [name: string]: string }; body: string };
  isDone: (answer: HttpAnswer) => boolean;
}

/**
 * A rate limit of the provider: at most so many units in any stretch of that length. ConnectHub keeps to it before the
 * provider has to say 429, across all its copies. Each request counts, those of lookups and of paging too.
 */
export interface RateLimit {
  /** For people and for the database; unique within the provider. */
  name: string;
  /** Requests that count, by `ApiRequest.method`; absent: all. */
  methods?: readonly string[];
  /** One count for the connection as a whole, for each of its methods, or for each value of an argument of the request. */
  countedBy: 'connection' | 'method' | { argument: string };
  units: number;
  perMs: number;
  /** Units that a request takes; one where absent. */
  cost?: (request: ApiRequest) => number;
}

/** A provider as data: endpoints, scopes and capabilities, with named hooks for its quirks. */
export interface ProviderDefinition {
  id: string;
  title: string;
  addresses: Addresses;
  /** Takes the place of `addresses.api` where the installation's client is one for the provider's own test accounts. */
  testApi?: string;
  /** Absent: accounts are connected by a key that a person enters (`POST /connections`). */
  oauth?: OAuthDefinition;
  /**
   * Tells whose account a token is for, where the provider can: of accounts that are connected by a key, or by Auth0.
   * Rejects with `ProviderRefusal` where it does not accept the key.
   */
  readAccount?: (reader: ProviderReader) => Promise<Account>;
  /** Absent: the provider has no way to end a grant, or there is none. */
  revocation?: Revocation;
  /** `accountId` is that of the connection. */
  toHttp: (request: ApiRequest, accountId: string) => HttpRequest;
  /** Where the connection's token or key goes; absent: `Authorization: Bearer`. */
  authorise?: (request: HttpRequest, token: string) => HttpRequest;
  readAnswer: (answer: HttpAnswer) => ApiResult;
  /** Its documented limits, each with the page that says so. */
  limits?: readonly RateLimit[];
  /** What its 429 is about: the methods of an account, or the account as a whole (where absent). */
  limitsPer?: 'method' | 'connection';
  /** What the provider's tokens look like, wherever they stand in a text. */
  tokenPattern: RegExp;
  capabilities: readonly CapabilityDefinition[];
  /** What it tells us of itself, at `POST /hooks/{provider}`. */
  webhooks?: WebhookDefinition;
}

export function isEffect(capability: CapabilityDefinition): capability is EffectCapability {
  return capability.risk !== 'read';
}

export function tokenKindOf(capability: CapabilityDefinition): TokenKind {
  return isEffect(capability) ? 'bot' : (capability.tokenKind ?? 'bot');
}

/** The strategy a capability has over a connection with these scopes (design, "Effects happen once", 5). */
export function strategyOf(capability: CapabilityDefinition, scopes: readonly string[]): Idempotency {
  if (!isEffect(capability) || capability.native) return 'native';
  return canLookUp(capability, scopes) ? 'lookup' : 'none';
}

/** Whether an effect can be found again: also the way of `native` once the provider may have forgotten the key. */
export function canLookUp(capability: EffectCapability, scopes: readonly string[]): boolean {
  return capability.lookup?.scopes.every((scope) => scopes.includes(scope)) === true;
}

/** What the catalogue says that a call costs. */
export function costOf(capability: CapabilityDefinition): number {
  return capability.costUnits ?? 1;
}

/** How long after an attempt its effect may still show up; a read has none. */
export function settleMsOf(capability: CapabilityDefinition): number {
  return isEffect(capability) ? capability.settleMs : 0;
}
