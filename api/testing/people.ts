import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Role } from '../../platform/auth/permissions.ts';

const tokenSchema = z.object({ token: z.string() });

export interface TestPerson {
  userId: string;
  orgId: string;
  token: string;
}

/** A person of an organisation with a token that the production verifier accepts. */
export async function newPerson(issuerUrl: string, person: { orgId: string; role: Role; userId?: string }): Promise<TestPerson> {
  const userId = person.userId ?? `user_${randomBytes(14).toString('hex')}`;
  const response = await fetch(`${issuerUrl}/people/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId, org_id: person.orgId, role: person.role, layout: 'template' }),
  });
  if (!response.ok) throw new Error(`no token: ${response.status} ${await response.text()}`);
  return { userId, orgId: person.orgId, token: tokenSchema.parse(await response.json()).token };
}
