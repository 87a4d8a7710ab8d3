import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { orgIdClaim, userIdClaim } from '../../platform/auth/claims.ts';
import type { RsaKey } from './rsa-key.ts';

export type PeopleIssuer = { readonly key: RsaKey; readonly issuer: () => string; readonly audience: string };

const TEMPLATE_LIFETIME_S = 15 * 60;
const SESSION_LIFETIME_S = 60;

export const personSchema = z.object({
  user_id: userIdClaim,
  org_id: orgIdClaim,
  /** With or without Clerk's `org:`. */
  role: z.string().min(1).max(60),
});
export type Person = z.infer<typeof personSchema>;

const bodySchema = z.strictObject({
  ...personSchema.shape,
  /** Seconds. Longer than 15 minutes is what the verifier refuses. */
  lifetime_s: z.int().min(1).max(86_400).optional(),
  layout: z.enum(['template', 'session']).default('template'),
});

type TokenRequest = z.infer<typeof bodySchema>;

/** Clerk's part: tokens for people, and the public key that the verifier is configured with. */
export function registerPeople(app: FastifyInstance, people: PeopleIssuer): void {
  app.get('/people/jwt-key', async (_request, reply) => reply.type('application/x-pem-file').send(people.key.publicPem));
  app.post('/people/token', async (request, reply) => {
    const body = bodySchema.safeParse(request.body);
    if (!body.success) return reply.code(400).send({ error: 'invalid_request', fields: z.flattenError(body.error).fieldErrors });
    return mintPersonToken(people, body.data, Date.now());
  });
}

/** A token as one of Clerk's JWT templates, or its sessions, makes it. */
export async function mintPersonToken(people: PeopleIssuer, request: TokenRequest, nowMs: number) {
  const { claims, defaultLifetimeS } = request.layout === 'template' ? templateClaims(request) : sessionClaims(request);
  const lifetimeS = request.lifetime_s ?? defaultLifetimeS;
  const iat = Math.floor(nowMs / 1000);
  const common = { iss: people.issuer(), aud: people.audience, sub: request.user_id, iat, nbf: iat - 10, exp: iat + lifetimeS };
  return { token: await people.key.sign({ ...common, ...claims }, 'JWT'), expires_in: lifetimeS };
}

/** Says to an application who has signed in: https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
export async function mintIdToken(
  { key, issuer }: PeopleIssuer,
  { user_id }: Person,
  { audience, nonce, nowMs }: { audience: string; nonce: string | undefined; nowMs: number },
): Promise<string> {
  const iat = Math.floor(nowMs / 1000);
  const times = { iat, exp: iat + TEMPLATE_LIFETIME_S };
  return key.sign(
    { iss: issuer(), aud: audience, sub: user_id, name: user_id, ...times, ...(nonce !== undefined && { nonce }) },
    'JWT',
  );
}

/** https://clerk.com/docs/guides/sessions/jwt-templates */
function templateClaims({ user_id, org_id, role }: TokenRequest) {
  const claims = { user_id, org_id, role: `org:${bareRole(role)}`, jti: randomUUID().replaceAll('-', '') };
  return { claims, defaultLifetimeS: TEMPLATE_LIFETIME_S };
}

/** https://clerk.com/docs/guides/sessions/session-tokens, version 2, customised with our audience. */
function sessionClaims({ org_id, role }: TokenRequest) {
  const o = { id: org_id, rol: bareRole(role), slg: org_id.replace('org_', '') };
  const claims = { v: 2, sid: `sess_${randomUUID().replaceAll('-', '')}`, sts: 'active', fva: [0, -1], o };
  return { claims, defaultLifetimeS: SESSION_LIFETIME_S };
}

function bareRole(role: string): string {
  return role.startsWith('org:') ? role.slice('org:'.length) : role;
}
