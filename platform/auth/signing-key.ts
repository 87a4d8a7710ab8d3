import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { z } from 'zod';

const ed25519Public = { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().min(1) };

/** Only these fields matter; `alg`, `use` and the like may stand beside them. */
const privateJwkSchema = z.object({ ...ed25519Public, d: z.string().min(1), kid: z.string().min(1).optional() });
const publicJwkSchema = z.object({
  ...ed25519Public,
  kid: z.string().min(1).optional(),
  /** A private half here is a leak. */
  d: z.never().optional(),
});

/** Agent-Core's Ed25519 private key (RFC 8037). `kid` is given or the RFC 7638 thumbprint. */
export type SigningJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; d: string; kid: string };

/** The public half, as published. */
export type PublicSigningJwk = { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; alg: 'EdDSA'; use: 'sig' };

export type PublicJwks = { keys: PublicSigningJwk[] };

/**
 * Reads the private key from the text of its JWK.
 * @throws TypeError, without the text, when it is not an Ed25519 private key or its halves do not belong together.
 */
export function parseSigningKey(json: string): SigningJwk {
  const parsed = privateJwkSchema.safeParse(parseJson(json));
  if (!parsed.success || publicHalf(parsed.data.d) !== parsed.data.x) {
    throw new TypeError('the signing key is not an Ed25519 private JWK');
  }
  return { ...parsed.data, kid: parsed.data.kid ?? thumbprint(parsed.data.x) };
}

/**
 * Reads a JWKS of public Ed25519 keys.
 * @throws TypeError when it is none, or when a private key was pasted in its place.
 */
export function parsePublicJwks(json: string): PublicJwks {
  const jwks = z.object({ keys: z.array(publicJwkSchema).min(1) }).safeParse(parseJson(json));
  if (!jwks.success) throw new TypeError('not a JWKS of Ed25519 public keys');
  return { keys: jwks.data.keys.map(published) };
}

/** {@link parseSigningKey} and {@link parsePublicJwks} as parts of a process's configuration. */
export const signingKeySchema = readWith(parseSigningKey);
export const publicJwksSchema = readWith(parsePublicJwks);

/** The JWKS that others verify with: the key in use, then earlier ones that still have tickets in the world. */
export function publicJwks(current: SigningJwk, previous: readonly PublicSigningJwk[] = []): PublicJwks {
  return { keys: [published(current), ...previous.filter((key) => key.kid !== current.kid).map(published)] };
}

function readWith<T>(parse: (text: string) => T) {
  return z.string().transform((text, ctx): T => {
    try {
      return parse(text);
    } catch (error) {
      ctx.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
      return z.NEVER;
    }
  });
}

function published(jwk: { x: string; kid?: string | undefined }): PublicSigningJwk {
  return { kty: 'OKP', crv: 'Ed25519', x: jwk.x, kid: jwk.kid ?? thumbprint(jwk.x), alg: 'EdDSA', use: 'sig' };
}

/** https://www.rfc-editor.org/rfc/rfc7638: members in lexicographic order, no white space. */
function thumbprint(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}

function publicHalf(d: string): string | undefined {
  try {
    const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x: '', d }, format: 'jwk' });
    return createPublicKey(key).export({ format: 'jwk' }).x;
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
