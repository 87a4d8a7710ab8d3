import { z } from 'zod';
import { capabilitySchema } from '../../contracts/capability.ts';
import { storedAuthSchema, storedOpenApiSchema, type StoredOpenApi } from '../openapi/stored.ts';
import { toWire } from '../catalogue/to-catalogue.ts';
import { toDefinition } from '../openapi/to-definition.ts';
import { toUnconnectedOffer } from '../providers/registry.ts';
import type { Imported } from './import.ts';

export const ownProviderSchema = z.strictObject({
  id: z.string(),
  kind: z.literal('openapi'),
  title: z.string(),
  version: z.int(),
  /** SHA-256 of what was accepted. */
  digest: z.string(),
  document_digest: z.string(),
  server: z.string(),
  auth: storedAuthSchema,
  account: storedOpenApiSchema.shape.account,
  limits: storedOpenApiSchema.shape.limits,
  capabilities: z.array(
    z.strictObject({
      ...capabilitySchema.shape,
      /** What is asked of the provider: `POST /tickets/{id}`. */
      operation: z.string(),
      operation_id: z.string(),
      timeout_ms: z.int(),
      /** What of the answer is left out because it cannot be described: only told while it is imported. */
      left_out: z.array(z.strictObject({ pointer: z.string(), reason: z.string() })).optional(),
    }),
  ),
});

export const importedSchema = z.strictObject({
  ...ownProviderSchema.shape,
  /** `new`: in force from now on; `same`: it was already; `preview`: nothing was kept. */
  outcome: z.enum(['new', 'same', 'preview']),
});

/** A provider as people see it, before they accept it and after. No secret stands in it. */
export function toView(
  id: string,
  { version, digest, stored }: { version: number; digest: string; stored: StoredOpenApi },
  leftOut?: Imported['leftOut'],
): z.infer<typeof ownProviderSchema> {
  const definition = toDefinition(id, stored);
  const { capabilities } = toUnconnectedOffer(definition);
  const { title, document_digest, server, auth, account } = stored;
  return {
    id,
    kind: 'openapi',
    title,
    version,
    digest,
    document_digest,
    server,
    auth,
    ...(account && { account }),
    limits: stored.limits,
    capabilities: capabilities.map((capability, index) => {
      const { verb, path, operation_id, timeout_ms } = stored.capabilities[index]!;
      const left_out = leftOut?.get(capability.definition.capability);
      return { ...toWire(capability), operation: `${verb} ${path}`, operation_id, timeout_ms, ...(left_out && { left_out }) };
    }),
  };
}
