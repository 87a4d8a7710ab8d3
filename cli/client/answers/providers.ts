import { z } from 'zod';

const capabilityAnswer = z.looseObject({
  capability: z.string(),
  version: z.int(),
  title: z.string(),
  permission: z.string(),
  risk: z.string(),
  idempotency: z.string(),
  /** Kinds of providers other than documents have none. */
  operation: z.string().optional(),
  input_schema: z.looseObject({}),
  output_schema: z.looseObject({}),
  left_out: z.array(z.looseObject({ pointer: z.string(), reason: z.string() })).default([]),
});

export const providerAnswer = z.looseObject({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  version: z.int(),
  digest: z.string().optional(),
  server: z.string().optional(),
  auth: z.looseObject({ type: z.string() }).optional(),
  capabilities: z.array(capabilityAnswer),
  /** Of an import alone. */
  outcome: z.string().optional(),
});
export type ProviderAnswer = z.infer<typeof providerAnswer>;

/** What an MCP server offers, in its own words. */
export const mcpImportedAnswer = z.looseObject({
  ...providerAnswer.shape,
  offered: z.array(z.looseObject({ tool: z.string(), says_read_only: z.boolean(), description: z.string() })),
});

export const reviewAnswer = z.looseObject({
  items: z.array(
    z.looseObject({
      capability: z.string(),
      tool: z.string(),
      state: z.string(),
      suspended: z.boolean(),
      accepted_description: z.string(),
      digest: z.string().nullable(),
      description: z.string().nullable(),
    }),
  ),
});
export type ReviewAnswer = z.infer<typeof reviewAnswer>;

export const providerListAnswer = z.looseObject({ items: z.array(providerAnswer) });

/** A connection that was made with a key. */
export const addedAnswer = z.looseObject({ connection_id: z.string(), provider: z.string(), account_name: z.string() });
