import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { StateFolder } from '../state-folder.ts';

const FILE = 'sign-in-client.json';
const schema = z.strictObject({ clientId: z.string(), clientSecret: z.string() });

/** The application that people sign in to: Temporal's Web UI. */
export type SignInClient = z.infer<typeof schema>;

/** The client kept in the folder; undefined before the issuers have run there. */
export async function readSignInClient(folder: StateFolder): Promise<SignInClient | undefined> {
  const stored = await folder.read(FILE);
  return stored === undefined ? undefined : schema.parse(stored);
}

/** The same, made on first use. */
export async function loadSignInClient(folder: StateFolder): Promise<SignInClient> {
  const stored = await readSignInClient(folder);
  if (stored) return stored;
  const client = { clientId: 'temporal-ui', clientSecret: randomBytes(32).toString('base64url') };
  await folder.write(FILE, client);
  return client;
}

/** RFC 6749, section 2.3.1: both halves are form-encoded before they are joined; libraries differ in what they encode. */
export function isClient({ clientId, clientSecret }: SignInClient, authorization: string | undefined): boolean {
  const [scheme, encoded = ''] = authorization?.split(' ') ?? [];
  const halves = new URLSearchParams(Buffer.from(encoded, 'base64').toString('utf8').replace(':', '='));
  const given = Buffer.from(halves.get(clientId) ?? '');
  const wanted = Buffer.from(clientSecret);
  return scheme === 'Basic' && given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Where a signed-in person may be sent: a Web UI on this machine, at any port (RFC 8252, section 7.3). */
export function isCallback(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'http:' && url.hostname === '127.0.0.1' && url.pathname === '/auth/sso/callback' && url.search === '';
}
