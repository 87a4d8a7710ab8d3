import { z } from 'zod';
import { AuthError } from './auth-error.ts';

/** Far above any token of Clerk or Cognito; keeps hostile ones from costing anything. */
const MAX_TOKEN_CHARACTERS = 32_768;

const BASE64URL_PARTS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * What both issuers send, and `cat`, `typ` and the like. Parameters that name or bring a key (`jwk`, `jku`, `x5u`,
 * `x5c`) or change how the token is read (`crit`, `b64`, `zip`) are refused: RFC 8725, section 3.10, RFC 7515, 4.1.11.
 */
const headerSchema = z.looseObject({
  alg: z.literal('RS256'),
  kid: z.string().min(1).max(128),
  typ: z.literal('JWT').optional(),
  jwk: z.never().optional(),
  jku: z.never().optional(),
  x5u: z.never().optional(),
  x5c: z.never().optional(),
  crit: z.never().optional(),
  b64: z.never().optional(),
  zip: z.never().optional(),
});

export type TokenHeader = { readonly alg: 'RS256'; readonly kid: string };

/** Reads a token's header, unverified, and refuses what no library should be shown. Throws {@link AuthError}. */
export function readTokenHeader(token: string): TokenHeader {
  if (token.length > MAX_TOKEN_CHARACTERS || !BASE64URL_PARTS.test(token)) throw new AuthError('malformed');
  const header = headerSchema.safeParse(decodeJson(token.slice(0, token.indexOf('.'))));
  if (!header.success) throw new AuthError('header');
  return { alg: header.data.alg, kid: header.data.kid };
}

function decodeJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
