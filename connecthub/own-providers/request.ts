import { z } from 'zod';
import { riskSchema } from '../../contracts/capability.ts';

const ONE_LINE = /^[^\p{C}]*$/u;
export const line = (most: number) => z.string().min(1).max(most).regex(ONE_LINE, 'expected one line');
const token = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}$/, 'expected a name as in HTTP headers');
export const address = z.url({ protocol: /^https?$/ }).max(2_000);
const scope = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'expected a scope');
const name = z.string().min(1).max(100);

export const providerId = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/, 'expected 2 to 40 of a to z, 0 to 9 and -, a letter first');

export const authSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer') }),
  z.strictObject({
    type: z.literal('api_key'),
    in: z.enum(['header', 'query']),
    name: token,
    prefix: z
      .string()
      .regex(/^[\x21-\x7e][\x20-\x7e]{0,39}$/)
      .optional()
      .describe('Stands before the key in a header, such as `Token `'),
  }),
  z.strictObject({
    type: z.literal('oauth2'),
    authorize_url: address,
    token_url: address,
    revoke_url: address.optional(),
    client_id: line(500),
    client_secret: z
      .string()
      .min(8)
      .max(2_000)
      .optional()
      .describe('Sealed, never shown again; may be left out of a new version'),
    client_authentication: z.enum(['basic', 'post']).default('basic'),
    pkce: z.boolean().default(true),
    scopes: z.array(scope).max(100).default([]),
  }),
]);

/** What a person says of every capability of a provider of their own. */
export const choiceShape = {
  capability: z
    .string()
    .max(120)
    .regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){1,3}$/, 'expected a name such as ticket.create'),
  title: line(80).optional(),
  permission: z
    .string()
    .max(60)
    .regex(/^[a-z]+\.(read|write)$/, 'expected <noun>.read or <noun>.write'),
  risk: riskSchema,
};

/** Which permission fits which risk. */
export function permissionFits({ permission, risk }: { permission: string; risk: z.infer<typeof riskSchema> }): boolean {
  return permission.endsWith('.read') === (risk === 'read');
}

export const PERMISSION_MISFIT = {
  path: ['permission'],
  message: 'a read needs <noun>.read, everything else <noun>.write',
};

const capabilitySchema = z
  .strictObject({
    operation_id: z.string().min(1).max(200),
    ...choiceShape,
    idempotency: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('none') }),
        z.strictObject({
          kind: z.literal('native'),
          header: token,
          window_ms: z
            .int()
            .min(60_000)
            .max(30 * 86_400_000)
            .describe('How long the provider keeps a key, in milliseconds'),
        }),
      ])
      .optional(),
    parameters: z.array(name).max(60).optional().describe('Those that may be given; all where absent'),
    result: z.array(name).min(1).max(60).optional().describe('Properties of the answer that are kept; all where absent'),
    effect_id: name
      .optional()
      .describe("Property of the answer that is the provider's id of what was made; `id` where there is one"),
    timeout_ms: z.int().min(1_000).max(30_000).optional(),
  })
  .refine(permissionFits, PERMISSION_MISFIT)
  .refine(({ risk, idempotency }) => risk !== 'read' || idempotency?.kind !== 'native', {
    path: ['idempotency'],
    message: 'a read is repeated as it is',
  });

type Limit = { name?: string | undefined; requests: number; per_seconds: number };

/** What a limit is called where nobody says. */
export function nameOfLimit({ name, requests, per_seconds }: Limit): string {
  return name ?? `${requests} requests in ${per_seconds} s`;
}

export const limitsSchema = z
  .array(
    z.strictObject({
      name: line(60).optional(),
      requests: z.int().min(1).max(100_000),
      per_seconds: z.int().min(1).max(86_400),
    }),
  )
  .max(5)
  .refine((limits) => new Set(limits.map(nameOfLimit)).size === limits.length, 'two limits of the same name')
  .optional()
  .describe('Of each account; ten requests a second where absent');

export const importSchema = z
  .strictObject({
    id: providerId,
    title: line(80),
    document: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe('The OpenAPI 3.0 or 3.1 document: JSON, or the text of JSON or YAML'),
    document_url: address.optional(),
    server: address.optional().describe("Every request goes below it; the document's first server where absent"),
    auth: authSchema,
    account: z
      .strictObject({ operation_id: z.string().min(1).max(200), id: name, name: name.optional() })
      .optional()
      .describe('A read without parameters that tells whose account a credential is for'),
    limits: limitsSchema,
    capabilities: z.array(capabilitySchema).min(1).max(100),
    preview: z.boolean().optional().describe('Answers what would result, and keeps nothing'),
  })
  .refine(({ document, document_url }) => (document === undefined) !== (document_url === undefined), {
    path: ['document'],
    message: 'give either document or document_url',
  });

export type ImportRequest = z.infer<typeof importSchema>;
