import type { Idempotency, Risk } from '../../contracts/capability.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Money } from '../../contracts/money.ts';

/** Arguments of a provider's method, as its form or JSON body takes them. Absent ones are left out. */
export type ApiArguments = { [name: string]: string | number | boolean | undefined };

export interface ApiRequest {
  /** The provider's own word: a Slack method, a path below its API. */
  method: string;
  args: ApiArguments;
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
  /** All of the call's requests together must end within it; the lease is longer. */
  timeoutMs: number;
  /** Name of the parameter that tells an operator most. */
  summaryParameter?: string;
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

/** A read of one request. Repeating a read is harmless, so its idempotency is `native`. */
export interface ReadCapability extends CapabilityFacts, OneRequest {
  risk: Extract<Risk, 'read'>;
}

/** A read made of several requests. */
export interface CollectCapability extends CapabilityFacts {
  risk: Extract<Risk, 'read'>;
  collect: (parameters: JsonObject, reader: ProviderReader) => Promise<Json>;
}

export interface EffectCapability extends CapabilityFacts, OneRequest {
  risk: Exclude<Risk, 'read'>;
  /** How long after the end of an attempt its effect may still show up. */
  settleMs: number;
  /** The provider's id of what was made, out of the result. */
  effectId: (result: JsonObject) => string;
  /**
   * What the call spends or commits: exact text, no float (`contracts/money.ts`). Taken from the checked parameters alone
   * and before anything is sent, and reserved from the employee's budget under the call id. Absent or undefined: the call
   * moves no money. An amount that is no money by the contract's form refuses the call.
   */
  money?: (parameters: JsonObject) => Money | undefined;
  /** The provider's words that mean "it stands already"; the result is then made of the parameters. */
  alreadyDone?: { reasons: readonly string[]; result: (parameters: JsonObject) => Json };
  /** Finds our effect by its marker, or tells that it is not there. Absent: nobody can tell (`none`). */
  lookup?: {
    scopes: readonly string[];
    find: (parameters: JsonObject, context: LookupContext) => Promise<Json | undefined>;
  };
}

export type CapabilityDefinition = ReadCapability | CollectCapability | EffectCapability;

export interface TokenAnswer {
  accessToken: string;
  refreshToken?: string;
  /** Seconds; absent = never. */
  expiresInSeconds?: number;
  scopes: string[];
}

export interface OAuthDefinition {
  /** Below the base URL. */
  authorizePath: string;
  tokenPath: string;
  scopes: readonly string[];
  scopeSeparator: ',' | ' ';
  clientAuthentication: 'basic' | 'post';
  pkce: boolean;
  /** `token_type` words besides `bearer`. */
  tokenTypes: readonly string[];
  /** Throws `ProviderRefusal` for an answer that says no at HTTP 200. */
  assertGranted: (body: JsonObject) => void;
  readTokens: (body: JsonObject) => TokenAnswer;
  /** The connection's identity at the provider. */
  readAccount: (body: JsonObject) => { accountId: string; accountName: string };
}

/** A provider as data: endpoints, scopes and capabilities, with named hooks for its quirks. */
export interface ProviderDefinition {
  id: string;
  title: string;
  /** `https` address that all its paths stand below; its origin is the allow-list. */
  baseUrl: string;
  oauth: OAuthDefinition;
  /** Request that ends the grant of the token it is sent with. */
  revoke: ApiRequest;
  toHttp: (request: ApiRequest) => { path: string; headers: { [name: string]: string }; body: string };
  readAnswer: (answer: HttpAnswer) => ApiResult;
  /** What the provider's tokens look like, wherever they stand in a text. */
  tokenPattern: RegExp;
  capabilities: readonly CapabilityDefinition[];
}

export function isEffect(capability: CapabilityDefinition): capability is EffectCapability {
  return capability.risk !== 'read';
}

/** The strategy a capability has over a connection with these scopes (design, "Effects happen once", 5). */
export function strategyOf(capability: CapabilityDefinition, scopes: readonly string[]): Idempotency {
  if (!isEffect(capability)) return 'native';
  return capability.lookup?.scopes.every((scope) => scopes.includes(scope)) === true ? 'lookup' : 'none';
}

/** How long after an attempt its effect may still show up; a read has none. */
export function settleMsOf(capability: CapabilityDefinition): number {
  return isEffect(capability) ? capability.settleMs : 0;
}
