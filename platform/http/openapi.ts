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

/** A route's zod contract as OpenAPI, with what every route has: its kind of access, and problems. */
export const describeRoute: SwaggerTransform = (document) => {
  const described = jsonSchemaTransform(document);
  const access = 'route' in document ? document.route.config?.access : undefined;
  if (!described.schema || described.schema.hide === true || !access) return described;
  return {
    ...described,
    schema: {
      ...described.schema,
      ...(access.principal !== 'public' && { security: [{ bearer: [] }] }),
      response: { ...(described.schema.response as object | undefined), default: PROBLEM },
    },
  };
};
