import { z } from 'zod';
import { capabilitySchema } from '../../contracts/capability.ts';
import { toWire } from '../catalogue/to-catalogue.ts';
import { plainText } from '../openapi/schema.ts';
import { toUnconnectedOffer } from '../providers/registry.ts';
import { REVISIONS } from './protocol.ts';
import type { Reviewed } from './review.ts';
import { storedMcpSchema, type StoredMcp } from './stored.ts';
import { toMcpDefinition } from './to-definition.ts';
import { digestOfTool, type Tool } from './tools.ts';

export const mcpProviderSchema = z.strictObject({
  id: z.string(),
  kind: z.literal('mcp'),
  title: z.string(),
  version: z.int(),
  /** SHA-256 of what was accepted. */
  digest: z.string(),
  server: z.string(),
  /** Of the protocol, as the server knew it when it was asked. */
  revision: z.enum(REVISIONS),
  auth: storedMcpSchema.shape.auth,
  limits: storedMcpSchema.shape.limits,
  capabilities: z.array(
    z.strictObject({
      ...capabilitySchema.shape,
      tool: z.string(),
      /** SHA-256 of what the server said of the tool when it was accepted. */
      tool_digest: z.string(),
      timeout_ms: z.int(),
    }),
  ),
});

const offeredSchema = z.strictObject({
  tool: z.string(),
  title: z.string(),
  /** The server's words: what it says, not what is true. */
  description: z.string(),
  digest: z.string(),
  /** The server's own word that it only reads. */
  says_read_only: z.boolean(),
});

export const mcpImportedSchema = z.strictObject({
  ...mcpProviderSchema.shape,
  outcome: z.enum(['new', 'same', 'preview']),
  offered: z.array(offeredSchema),
});

export const reviewSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      capability: z.string(),
      tool: z.string(),
      /** `gone`: the server no longer offers it. */
      state: z.enum(['unchanged', 'changed', 'gone']),
      suspended: z.boolean(),
      accepted_digest: z.string(),
      accepted_description: z.string(),
      /** Of what the server says today: what `accept` wants to be told. Null: it is gone. */
      digest: z.string().nullable(),
      description: z.string().nullable(),
      input_schema: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
});

export function toMcpView(
  id: string,
  { version, digest, stored }: { version: number; digest: string; stored: StoredMcp },
  suspended: readonly string[] = [],
): z.infer<typeof mcpProviderSchema> {
  const { capabilities } = toUnconnectedOffer(toMcpDefinition(id, stored));
  const { title, server, revision, auth, limits } = stored;
  return {
    id,
    kind: 'mcp',
    title,
    version,
    digest,
    server,
    revision,
    auth,
    limits,
    capabilities: capabilities.map((capability, index) => {
      const { tool, digest: tool_digest, timeout_ms } = stored.tools[index]!;
      const isSuspended = suspended.includes(capability.definition.capability);
      return { ...toWire({ ...capability, isSuspended }), tool, tool_digest, timeout_ms };
    }),
  };
}

export function toOffered(tool: Tool): z.infer<typeof offeredSchema> {
  return {
    tool: tool.name,
    title: plainText(tool.title ?? tool.name, 80),
    description: plainText(tool.description ?? '', 400),
    digest: digestOfTool(tool),
    says_read_only: tool.annotations?.['readOnlyHint'] === true,
  };
}

export function toReview({ accepted, today, digest, isSuspended }: Reviewed): z.infer<typeof reviewSchema>['items'][number] {
  return {
    capability: accepted.capability,
    tool: accepted.tool,
    state: stateOf(accepted.digest, digest),
    suspended: isSuspended,
    accepted_digest: accepted.digest,
    accepted_description: accepted.description,
    digest: digest ?? null,
    description: today ? plainText(today.description ?? '', 2_000) : null,
    input_schema: today?.inputSchema ?? null,
  };
}

function stateOf(accepted: string, today: string | undefined): 'unchanged' | 'changed' | 'gone' {
  if (today === undefined) return 'gone';
  return today === accepted ? 'unchanged' : 'changed';
}
