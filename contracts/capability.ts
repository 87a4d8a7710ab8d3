import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';
import { parseCapability } from './ids.ts';

/** `read` changes nothing at the provider, `write` does, `destructive` cannot be taken back. */
export const riskSchema = z.enum(['read', 'write', 'destructive']);
/** How an effect whose outcome is not known is settled (design, "Effects happen once", 5). */
export const idempotencySchema = z.enum(['native', 'lookup', 'none']);
export const qualifiedCapabilitySchema = z
  .string()
  .refine((text) => parseCapability(text) !== undefined, 'expected provider/capability, such as slack/slack.post');

/** That a capability is on its way out: since when, what to use instead, and when it stops being there. */
export const deprecationSchema = z.strictObject({
  since: z.iso.date(),
  replacement: qualifiedCapabilitySchema.optional(),
  removed_after: z.iso.date().optional(),
});
export type Deprecation = z.infer<typeof deprecationSchema>;

/** One entry of the catalogue: what people, models, the graph builder and the checker know of a capability. */
export const capabilitySchema = z.strictObject({
  provider: z.string(),
  /** Unique within its provider: `slack.post`. */
  capability: z.string(),
  version: z.int().min(1),
  title: z.string(),
  description: z.string(),
  /** `<noun>.read` or `<noun>.write`: what a skill node must declare to use it. */
  permission: z.string().regex(/^[a-z]+\.(read|write)$/),
  risk: riskSchema,
  idempotency: idempotencySchema,
  /** Units of its provider's limits that the call's own request takes; what it reads besides comes on top. */
  cost: z.int().min(0),
  /** OAuth scopes the connection must have; `settle_scopes` are those the `lookup` strategy needs besides. */
  scopes: z.array(z.string()),
  settle_scopes: z.array(z.string()),
  /** JSON Schema 2020-12 of the parameters and of the result. */
  input_schema: jsonObjectSchema,
  output_schema: jsonObjectSchema,
  /** Name of the parameter that tells an operator most, shown in summaries such as `slack.post #billing`. */
  summary_parameter: z.string().optional(),
  /** Its provider has changed what it is since a person accepted it: calls are refused until one has looked at it. */
  suspended: z.boolean().optional(),
  deprecated: deprecationSchema.optional(),
});

export type Capability = z.infer<typeof capabilitySchema>;
export type Risk = z.infer<typeof riskSchema>;
export type Idempotency = z.infer<typeof idempotencySchema>;

const connectionSchema = z.strictObject({
  connection_id: z.string(),
  account_name: z.string(),
  status: z.enum(['active', 'needs_reauth', 'disconnected']),
  scopes: z.array(z.string()),
});
export type Connection = z.infer<typeof connectionSchema>;

/** Connection state of the caller's organisation, per provider, beside the capabilities in `GET /capabilities`. */
export const providerCatalogueSchema = z.strictObject({
  provider: z.string(),
  title: z.string(),
  capabilities: z.array(capabilitySchema),
  connections: z.array(connectionSchema),
});
export type ProviderCatalogue = z.infer<typeof providerCatalogueSchema>;

export const catalogueSchema = z.strictObject({ providers: z.array(providerCatalogueSchema) });
export type Catalogue = z.infer<typeof catalogueSchema>;

/** What this connection would have to be allowed besides, for those of these capabilities (qualified) that are its provider's. */
export function missingScopes(
  catalogue: Catalogue,
  capabilities: readonly string[],
  { connection_id: id, scopes }: Connection,
): string[] {
  const own = catalogue.providers.find(({ connections }) => connections.some(({ connection_id }) => connection_id === id));
  const used = own?.capabilities.filter((one) => capabilities.includes(`${one.provider}/${one.capability}`)) ?? [];
  const needed = new Set(used.flatMap((one) => one.scopes));
  return [...needed].filter((scope) => !scopes.includes(scope));
}
