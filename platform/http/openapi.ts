import type { SwaggerTransform } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** RFC 9457, as `problems.ts` writes it. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('Stable: scripts may rely on it.'),
    instance: z.string().optional(),
    fields: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
    next: z.string().optional().describe('What the reader can do next.'),
  })
  .meta({ description: 'RFC 9457 problem' });

const PROBLEM = {
  description: 'Refused or failed',
  content: { 'application/problem+json': { schema: z.toJSONSchema(problemSchema, { io: 'output' }) } },
};

/** Headers that a route which names them wants; their absence has a code of its own, so that no schema refuses it. */
const REQUIRED_HEADERS = ['idempotency-key', 'clancy-run-ticket'];

const headersSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()) });

/** A route's zod contract as OpenAPI, with what every route has: a name, its kind of access, and problems. */
export const describeRoute: SwaggerTransform = (document) => {
  const described = jsonSchemaTransform(document);
  const access = 'route' in document ? document.route.config?.access : undefined;
  if (!described.schema || described.schema.hide === true || !access) return described;
  const { method } = document.route;
  return {
    ...described,
    schema: {
      ...described.schema,
      operationId: operationId(Array.isArray(method) ? method.join('_') : method, described.url),
      ...withRequired(described.schema.headers),
      ...(access.principal !== 'public' && { security: [{ bearer: [] }] }),
      response: { ...(described.schema.response as object | undefined), '4xx': PROBLEM, '5xx': PROBLEM },
    },
  };
};

/** Generated clients name their functions by it: `post_v1_runs_run_id_retry`. */
function operationId(method: string, url: string): string {
  return `${method.toLowerCase()}${url}`.replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '');
}

function withRequired(headers: unknown): { headers?: object } {
  const schema = headersSchema.safeParse(headers);
  if (!schema.success) return {};
  const required = REQUIRED_HEADERS.filter((name) => Object.hasOwn(schema.data.properties, name));
  return { headers: { ...schema.data, ...(required.length > 0 && { required }) } };
}
