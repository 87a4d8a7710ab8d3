import { z } from 'zod';
import type { DevPerson } from './state-file.ts';

/** A fresh token for a person, from the stack's own issuer of people's tokens. */
export async function personToken(issuersUrl: string, person: DevPerson): Promise<string> {
  const response = await fetch(`${issuersUrl}/people/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  });
  if (!response.ok) throw new Error(`the issuers answered ${response.status}: ${await response.text()}`);
  return z.object({ token: z.string() }).parse(await response.json()).token;
}
