import { z } from 'zod';
import { jsonSchema, type Json, type JsonObject } from '../../contracts/json.ts';
import { authoriseBy } from '../openapi/auth.ts';
import { fit, lighten } from '../openapi/fit.ts';
import { TOKENS } from '../openapi/to-definition.ts';
import type { CapabilityDefinition, ProviderDefinition, ProviderReader } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import { readAnswer, toHttp, type Revision } from './protocol.ts';
import type { StoredMcp, StoredTool } from './stored.ts';
import { beginToSpeak, digestOfTool, listTools } from './tools.ts';

/** How long after its end an attempt's effect may still show up. */
const SETTLE_MS = 5_000;

/** An MCP server, as the rest of ConnectHub knows providers. */
export function toMcpDefinition(id: string, stored: StoredMcp): ProviderDefinition {
  const { title, server, auth } = stored;
  return {
    id,
    title,
    addresses: { api: server, authorize: server, token: server, revoke: server },
    // A key is good where the server lists its tools for it.
    readAccount: async (reader) => {
      await listTools(reader, await beginToSpeak(reader, stored.revision));
      return { accountId: 'default', accountName: title };
    },
    toHttp,
    authorise: authoriseBy(auth),
    readAnswer,
    limits: stored.limits.map(({ name, requests, per_seconds }) => ({
      name,
      countedBy: 'connection',
      units: requests,
      perMs: per_seconds * 1_000,
    })),
    tokenPattern: TOKENS,
    capabilities: stored.tools.map((tool) => toCapability(tool, stored.revision)),
  };
}

function toCapability(tool: StoredTool, revision: Revision): CapabilityDefinition {
  const { risk, capability, version, title, description, permission, input_schema, output_schema, timeout_ms } = tool;
  const common = {
    capability,
    version,
    title,
    description,
    permission,
    scopes: [],
    timeoutMs: timeout_ms,
    inputSchema: input_schema,
    outputSchema: output_schema,
    prepare: (parameters: JsonObject, reader: ProviderReader) => prepare(tool, revision, parameters, reader),
    request: ({ speaking, arguments: given = {} }: JsonObject) => ({
      method: 'tools/call',
      verb: 'POST' as const,
      args: speakingSchema.parse(speaking),
      body: { name: tool.tool, arguments: given },
    }),
    result: (body: JsonObject) => resultOf(tool, body),
  };
  // The protocol knows no key under which a repeated call would be known again: what is not read is never repeated.
  return risk === 'read' ? { ...common, risk } : { ...common, risk, settleMs: SETTLE_MS, effectId: () => undefined };
}

const speakingSchema = z.object({ revision: z.string(), session: z.string().optional() });

/** Just before each call: what a person has accepted must be what the server says today. */
async function prepare(
  tool: StoredTool,
  revision: Revision,
  parameters: JsonObject,
  reader: ProviderReader,
): Promise<JsonObject> {
  const speaking = await beginToSpeak(reader, revision);
  const today = (await listTools(reader, speaking)).find(({ name }) => name === tool.tool);
  if (!today || digestOfTool(today) !== tool.digest) {
    throw new ProviderRefusal({
      code: 'capability_suspended',
      reason: today ? 'tool_changed' : 'tool_missing',
      retryable: false,
    });
  }
  return { arguments: parameters, speaking: { ...speaking } };
}

const resultSchema = z.looseObject({
  isError: z.boolean().default(false),
  structuredContent: jsonSchema.optional(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).default([]),
});

const MAX_TEXT = 64 * 1024;

/** @throws ProviderRefusal for a tool's own failure: a write may have done a part of its work, and is `maybe` then */
function resultOf({ is_structured, output_schema, risk }: StoredTool, { result }: JsonObject): Json {
  const read = resultSchema.safeParse(result);
  if (!read.success) throw refusal('provider_unavailable', 'unreadable_answer');
  const { isError, structuredContent, content } = read.data;
  if (isError) throw refusal('provider_refused', 'tool_error');
  if (!is_structured) return { text: textOf(content) };
  const fitting = structuredContent === undefined ? undefined : fit(output_schema, structuredContent);
  if (fitting === undefined) throw refusal('provider_unavailable', 'unreadable_answer');
  const light = lighten(fitting, risk);
  if (light === undefined) throw refusal('provider_refused', 'answer_too_large');
  return light;
}

/** Pictures, sounds and links to resources are left out. */
function textOf(content: z.infer<typeof resultSchema>['content']): string {
  const texts = content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
  return texts.join('\n').slice(0, MAX_TEXT);
}

function refusal(code: 'provider_unavailable' | 'provider_refused', reason: string): ProviderRefusal {
  return new ProviderRefusal({ code, reason, retryable: code === 'provider_unavailable' });
}
