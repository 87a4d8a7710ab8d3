import { z } from 'zod';
import { riskSchema } from '../../contracts/capability.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';

/** How requests are authorised. Keys, tokens and the client's secret stand sealed elsewhere. */
export const storedAuthSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer') }),
  z.strictObject({
    type: z.literal('api_key'),
    in: z.enum(['header', 'query']),
    name: z.string(),
    /** Stands before the key in a header, such as `Token `. */
    prefix: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('oauth2'),
    authorize_url: z.string(),
    token_url: z.string(),
    revoke_url: z.string().optional(),
    client_id: z.string(),
    client_authentication: z.enum(['basic', 'post']),
    pkce: z.boolean(),
    scopes: z.array(z.string()),
  }),
]);

/** Where a parameter of the capability stands in the request. */
const fieldSchema = z.strictObject({
  /** Of the capability's parameter. */
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'body']),
  /** The provider's name. */
  as: z.string(),
  /** How a list is written in a query: its name once for each value, or once with commas between them. */
  list: z.enum(['repeat', 'comma']).optional(),
});

export const storedCapabilitySchema = z.strictObject({
  operation_id: z.string(),
  capability: z.string(),
  /** The version of the provider in which the capability became what it is. */
  version: z.int().min(1),
  title: z.string(),
  description: z.string(),
  permission: z.string(),
  risk: riskSchema,
  scopes: z.array(z.string()),
  verb: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Below the server, with `{name}` for each of the provider's path parameters. */
  path: z.string(),
  fields: z.array(fieldSchema),
  input_schema: jsonObjectSchema,
  output_schema: jsonObjectSchema,
  /** The answer has a body that is to be read. */
  has_answer: z.boolean(),
  idempotency: z.strictObject({ header: z.string(), window_ms: z.int() }).optional(),
  /** Name in the result of the provider's id of what was made. */
  effect_id: z.string().optional(),
  timeout_ms: z.int(),
  /** The day on which its document was first seen to call it deprecated. */
  deprecated_since: z.string().optional(),
});

/** A provider as it was made of an OpenAPI document: all that a call needs, so that the document is read once. */
export const storedOpenApiSchema = z.strictObject({
  title: z.string(),
  /** SHA-256 of the document's canonical JSON. */
  document_digest: z.string(),
  /** Every request goes below it. */
  server: z.string(),
  auth: storedAuthSchema,
  /** A read that tells whose account a credential is for. */
  account: z.strictObject({ path: z.string(), id: z.string(), name: z.string() }).optional(),
  limits: z.array(z.strictObject({ name: z.string(), requests: z.int(), per_seconds: z.int() })),
  capabilities: z.array(storedCapabilitySchema),
});

export type StoredAuth = z.infer<typeof storedAuthSchema>;
export type StoredField = z.infer<typeof fieldSchema>;
export type StoredCapability = z.infer<typeof storedCapabilitySchema>;
export type StoredOpenApi = z.infer<typeof storedOpenApiSchema>;
