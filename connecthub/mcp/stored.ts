import { z } from 'zod';
import { riskSchema } from '../../contracts/capability.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { storedAuthSchema } from '../openapi/stored.ts';
import { REVISIONS } from './protocol.ts';

const [bearer, apiKey] = storedAuthSchema.options;

/** A tool as a person accepted it. */
const storedToolSchema = z.strictObject({
  /** The server's name of it. */
  tool: z.string(),
  /** Of what the server said of it: `digestOfTool`. */
  digest: z.string(),
  capability: z.string(),
  /** The version of the provider in which the capability became what it is. */
  version: z.int().min(1),
  title: z.string(),
  description: z.string(),
  permission: z.string(),
  risk: riskSchema,
  input_schema: jsonObjectSchema,
  output_schema: jsonObjectSchema,
  /** The result is the tool's structured one; else the text of its content. */
  is_structured: z.boolean(),
  timeout_ms: z.int(),
});

/** An MCP server with the tools that were chosen of it. */
export const storedMcpSchema = z.strictObject({
  title: z.string(),
  /** Its one endpoint. */
  server: z.string(),
  revision: z.enum(REVISIONS),
  auth: z.discriminatedUnion('type', [bearer, apiKey]),
  limits: z.array(z.strictObject({ name: z.string(), requests: z.int(), per_seconds: z.int() })),
  tools: z.array(storedToolSchema),
});

export type StoredTool = z.infer<typeof storedToolSchema>;
export type StoredMcp = z.infer<typeof storedMcpSchema>;
