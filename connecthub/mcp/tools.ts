import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { ProviderReader } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import { REVISIONS, STATELESS, type Revision, type Speaking } from './protocol.ts';

/** A tool as its server describes it. Its words are from outside: people read them, nobody obeys them. */
const toolSchema = z.looseObject({
  name: z.string().regex(/^[\x21-\x7e]{1,128}$/),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: jsonObjectSchema,
  outputSchema: jsonObjectSchema.optional(),
  annotations: jsonObjectSchema.optional(),
});
export type Tool = z.infer<typeof toolSchema>;

const pageSchema = z.looseObject({ tools: z.array(z.unknown()).max(1_000), nextCursor: z.string().min(1).optional() });
const discoverySchema = z.looseObject({ supportedVersions: z.array(z.string()) });
const handshakeSchema = z.looseObject({ protocolVersion: z.enum(REVISIONS) });

/** More than this is no list of tools. */
const MAX_PAGES = 20;

/**
 * What is pinned when a person accepts a tool: everything that says to people and models what it is and does.
 * SHA-256 of the canonical JSON (RFC 8785).
 */
export function digestOfTool({ name, title, description, inputSchema, outputSchema, annotations }: Tool): string {
  const said = { name, title, description, inputSchema, outputSchema, annotations };
  return createHash('sha256')
    .update(canonicalize(JSON.parse(JSON.stringify(said))) ?? '')
    .digest('hex');
}

/** Which revision a server knows: the newest of ours. Rejects with `ProviderRefusal` where it knows none. */
export async function askRevision(reader: ProviderReader): Promise<Speaking> {
  try {
    const { result } = await reader.read('server/discover', { revision: STATELESS });
    const known = discoverySchema.safeParse(result).data?.supportedVersions ?? [];
    if (known.includes(STATELESS)) return { revision: STATELESS };
  } catch (error) {
    // A server of before says that it does not know the question: any refusal but that of the key.
    if (!(error instanceof ProviderRefusal) || error.refusal.grant !== undefined) throw error;
  }
  return greet(reader, '2025-11-25');
}

/** Begins to speak as it was agreed at the import. The handshake is made for each call: sessions are kept nowhere. */
export async function beginToSpeak(reader: ProviderReader, revision: Revision): Promise<Speaking> {
  return revision === STATELESS ? { revision } : greet(reader, revision);
}

async function greet(reader: ProviderReader, wanted: Revision): Promise<Speaking> {
  const { result, session } = await reader.read('initialize', { revision: wanted });
  const agreed = handshakeSchema.safeParse(result).data?.protocolVersion;
  if (agreed === undefined) throw unreadable('revision_unknown');
  const speaking: Speaking = { revision: agreed, ...(typeof session === 'string' && { session }) };
  await reader.read('notifications/initialized', { ...speaking });
  return speaking;
}

/** All tools that a server offers to this account. One that cannot be read is not there. */
export async function listTools(reader: ProviderReader, speaking: Speaking): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { result } = await reader.read('tools/list', { ...speaking, cursor });
    const read = pageSchema.safeParse(result);
    if (!read.success) throw unreadable('unreadable_answer');
    tools.push(...read.data.tools.flatMap((tool) => toolSchema.safeParse(tool).data ?? []));
    cursor = read.data.nextCursor;
    if (cursor === undefined) return tools;
  }
  throw unreadable('too_many_tools');
}

function unreadable(reason: string): ProviderRefusal {
  return new ProviderRefusal({ code: 'provider_unavailable', reason, retryable: true, retryAfterMs: 10_000 });
}
