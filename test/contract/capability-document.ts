import { z } from 'zod';
import type { Capability } from '../../contracts/capability.ts';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';

export interface Calls {
  /** ConnectHub's own document: what it says of the proxy's answers holds for each capability. */
  openapi: unknown;
  capabilities: readonly Capability[];
  connectionId: string;
  /** The skill run whose calls these are. */
  skillRun: string;
}

const proxySchema = z.object({
  components: jsonObjectSchema,
  paths: z.object({
    '/proxy/{provider}/{capability}': z.object({
      post: z.object({
        responses: z.looseObject({
          '200': z.looseObject({
            content: z.looseObject({ 'application/json': z.object({ schema: z.looseObject({ properties: jsonObjectSchema }) }) }),
          }),
        }),
      }),
    }),
  }),
});

/**
 * The proxy as one operation per capability, with the JSON Schemas of the catalogue in place of "any object": what a model or
 * the graph builder goes by. So a tool that compares a document with a service compares the catalogue with the proxy.
 */
export function capabilityDocument({ openapi, capabilities, connectionId, skillRun }: Calls): JsonObject {
  const described = proxySchema.parse(openapi);
  const { responses } = described.paths['/proxy/{provider}/{capability}'].post;
  const success = responses['200'].content['application/json'].schema;
  const paths = capabilities.map((one): [string, JsonObject] => [
    `/proxy/${one.provider}/${one.capability}`,
    {
      post: {
        operationId: one.capability,
        parameters: [callIdOf(skillRun)],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: bodyOf(connectionId, one.input_schema) } },
        },
        responses: jsonObjectSchema.parse({
          ...responses,
          200: {
            description: 'The result',
            content: {
              'application/json': { schema: { ...success, properties: { ...success.properties, result: one.output_schema } } },
            },
          },
        }),
      },
    },
  ]);
  return {
    openapi: '3.1.0',
    info: { title: 'Capabilities', version: '1' },
    components: described.components,
    paths: Object.fromEntries(paths),
  };
}

const bodyOf = (connectionId: string, parameters: JsonObject): JsonObject => ({
  type: 'object',
  required: ['connection_id', 'parameters'],
  additionalProperties: false,
  properties: { connection_id: { const: connectionId }, parameters },
});

const callIdOf = (skillRun: string): JsonObject => ({
  in: 'header',
  name: 'idempotency-key',
  required: true,
  schema: { type: 'string', pattern: `^${skillRun.replace(/[.~]/g, '\\$&')}:call:[1-9][0-9]{0,8}$` },
});
