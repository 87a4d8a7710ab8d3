import { z } from 'zod';
import {
  address,
  authSchema,
  choiceShape,
  limitsSchema,
  line,
  permissionFits,
  PERMISSION_MISFIT,
  providerId,
} from '../own-providers/request.ts';

const [bearer, apiKey] = authSchema.options;

const toolSchema = z
  .strictObject({
    tool: z
      .string()
      .regex(/^[\x21-\x7e]{1,128}$/, 'expected a name of the server, without spaces')
      .describe("The server's name of it"),
    ...choiceShape,
    timeout_ms: z.int().min(1_000).max(60_000).optional(),
  })
  .refine(permissionFits, PERMISSION_MISFIT);

/** A key or token as a person enters it: of one line, so that it fits a header. */
export const keySchema = z.string().regex(/^[\x21-\x7e]{1,4096}$/, 'expected a key in one piece, without spaces');

export const mcpImportSchema = z.strictObject({
  id: providerId,
  title: line(80),
  url: address.describe('The one endpoint of the server (streamable HTTP)'),
  auth: z.discriminatedUnion('type', [bearer, apiKey]),
  key: keySchema.describe('Asks the server which tools it has; not kept: accounts are connected by POST /connections'),
  limits: limitsSchema,
  tools: z.array(toolSchema).max(100).default([]).describe('Those that become capabilities; in a preview there may be none'),
  preview: z.boolean().optional().describe('Answers what the server offers and what would result, and keeps nothing'),
});

export type McpImportRequest = z.infer<typeof mcpImportSchema>;
