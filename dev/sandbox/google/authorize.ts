import { z } from 'zod';
import { isLoopbackHost } from '../core/loopback.ts';
import { ADDRESS } from './deps.ts';
import type { GoogleOAuthDeps } from './deps.ts';

/** Strict, so that a misspelt parameter shows. */
const querySchema = z.strictObject({
  client_id: z.string(),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  response_type: z.literal('code'),
  scope: z.string(),
  state: z.string(),
  access_type: z.enum(['online', 'offline']).default('online'),
  prompt: z.literal('consent').optional(),
  include_granted_scopes: z.literal('true').optional(),
  // Google lets a confidential client go without; we never do.
  code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  code_challenge_method: z.literal('S256'),
  /** The account of the person in front of the page; made when it does not exist. */
  team: z.string().regex(ADDRESS).optional(),
  /** What the person does. */
  sandbox_user: z.enum(['allow', 'deny']).default('allow'),
  /** Scopes that the person unticks, separated by spaces. */
  sandbox_untick: z.string().default(''),
});

const words = (list: string) => list.split(' ').filter((word) => word !== '');

/** Google's consent page with a person who answers at once. https://developers.google.com/identity/protocols/oauth2/web-server */
export function authorize(deps: GoogleOAuthDeps, rawQuery: unknown): { location: string } | { page: string } {
  const { client, codes } = deps;
  const parsed = querySchema.safeParse(rawQuery);
  if (!parsed.success) return { page: `Error 400: invalid_request\n${z.prettifyError(parsed.error)}` };
  const query = parsed.data;
  if (query.client_id !== client.clientId) return { page: 'Error 401: invalid_client' };
  // Stands for the registered redirect URIs: a sandbox sends codes to this machine only.
  if (!isLoopbackHost(new URL(query.redirect_uri).hostname)) return { page: 'Error 400: redirect_uri_mismatch' };
  const wanted = words(query.scope);
  const unknown = wanted.filter((scope) => !deps.scopes.isKnown(scope));
  if (wanted.length === 0 || unknown.length > 0) return { page: `Error 400: invalid_scope ${unknown.join(' ')}` };
  const location = new URL(query.redirect_uri);
  location.searchParams.set('state', query.state);
  if (query.sandbox_user === 'deny') {
    location.searchParams.set('error', 'access_denied');
    return { location: location.href };
  }
  const scopes = deps.scopes.granted(wanted, words(query.sandbox_untick));
  const consent = {
    team: deps.ensureAccount(query.team ?? deps.homeAddress).address,
    redirectUri: query.redirect_uri,
    scopes,
    challenge: query.code_challenge,
    isOffline: query.access_type === 'offline' && query.prompt === 'consent',
  };
  location.searchParams.set('code', codes.issue(consent));
  location.searchParams.set('scope', scopes.join(' '));
  return { location: location.href };
}
