import type { Json, JsonObject } from '../../contracts/json.ts';
import type { CapabilityDefinition, ProviderDefinition } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import { readAnswer } from './answers.ts';
import { accountOf, authoriseBy, consentOf, revocationOf } from './auth.ts';
import { fit, lighten } from './fit.ts';
import { toRequest } from './request.ts';
import type { StoredCapability, StoredOpenApi } from './stored.ts';

/** How long after its end an attempt's effect may still show up. */
const SETTLE_MS = 5_000;
/** Shapes of credentials, wherever one stands in a text; the connection's own are taken out as they are. */
export const TOKENS =
  /\b(?:sk|pk|rk|xox[abeprs]|gh[opusr]|glpat|whsec|shpat)[-_]\w{10,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|\bBearer\s+[\w.~+/-]{10,}/g;

/** A provider out of a document, as the rest of ConnectHub knows providers. */
export function toDefinition(id: string, stored: StoredOpenApi): ProviderDefinition {
  const { server, auth, title, account } = stored;
  const scopes = [...new Set(stored.capabilities.flatMap((one) => one.scopes))];
  const oauth = auth.type === 'oauth2' ? consentOf(auth, { title, scopes, account }) : undefined;
  const revocation = auth.type === 'oauth2' ? revocationOf(auth) : undefined;
  const consent = auth.type === 'oauth2' ? auth : undefined;
  return {
    id,
    title,
    addresses: {
      api: server,
      authorize: consent?.authorize_url ?? server,
      token: consent?.token_url ?? server,
      revoke: consent?.revoke_url ?? server,
    },
    ...(oauth && { oauth }),
    ...(account && !oauth && { readAccount: (reader) => accountOf(account, title, reader) }),
    ...(revocation && { revocation }),
    toHttp: ({ args, verb = 'GET', body, headers = {} }) => ({
      verb,
      path: String(args['path']),
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }),
    authorise: authoriseBy(auth),
    readAnswer,
    limits: stored.limits.map(({ name, requests, per_seconds }) => ({
      name,
      countedBy: 'connection',
      units: requests,
      perMs: per_seconds * 1_000,
    })),
    tokenPattern: TOKENS,
    capabilities: stored.capabilities.map((one) => toCapability(one, server)),
  };
}

function toCapability(stored: StoredCapability, server: string): CapabilityDefinition {
  const { idempotency, risk } = stored;
  const summaryParameter = stored.fields.find(({ name }) => requiredOf(stored).includes(name))?.name;
  const common = {
    capability: stored.capability,
    version: stored.version,
    title: stored.title,
    description: stored.description,
    permission: stored.permission,
    scopes: stored.scopes,
    timeoutMs: stored.timeout_ms,
    inputSchema: stored.input_schema,
    outputSchema: stored.output_schema,
    ...(summaryParameter !== undefined && { summaryParameter }),
    ...(stored.deprecated_since !== undefined && { deprecated: { since: stored.deprecated_since } }),
    request: (parameters: JsonObject, { nativeKey }: { nativeKey: string }) =>
      toRequest(stored, server, parameters, idempotency && { [idempotency.header]: nativeKey }),
    result: (body: JsonObject) => resultOf(stored, body),
  };
  if (risk === 'read') return { ...common, risk };
  return {
    ...common,
    risk,
    settleMs: SETTLE_MS,
    effectId: (result) => effectIdOf(stored, result),
    ...(idempotency && { native: { windowMs: idempotency.window_ms } }),
  };
}

function requiredOf({ input_schema: { required } }: StoredCapability): Json[] {
  return Array.isArray(required) ? required : [];
}

/** @throws ProviderRefusal where the answer is none, or too large to be one */
function resultOf(stored: StoredCapability, body: JsonObject): Json {
  if (!stored.has_answer) return {};
  const value = body['value'];
  const result = value === undefined ? undefined : fit(stored.output_schema, value);
  if (result === undefined)
    throw new ProviderRefusal({ code: 'provider_unavailable', reason: 'unreadable_answer', retryable: true });
  const light = lighten(result, stored.risk);
  if (light !== undefined) return light;
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'answer_too_large', retryable: false });
}

function effectIdOf({ effect_id: name }: StoredCapability, result: JsonObject): string | undefined {
  const id = name === undefined ? undefined : result[name];
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 200) : undefined;
}
