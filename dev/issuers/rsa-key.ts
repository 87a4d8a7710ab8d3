import { createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { importJWK, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { StateFolder } from './state-folder.ts';

const number = z.string().min(1);
const jwkSchema = z.strictObject({
  kty: z.literal('RSA'),
  kid: z.string().min(1),
  n: number,
  e: number,
  d: number,
  p: number,
  q: number,
  dp: number,
  dq: number,
  qi: number,
});

/** An issuer's RSA key: 2048 bits, as both providers use. */
export type RsaKey = {
  readonly kid: string;
  readonly publicPem: string;
  readonly publicJwk: { kty: 'RSA'; alg: 'RS256'; use: 'sig'; kid: string; n: string; e: string };
  /** Signs claims; `typ` as the provider sends it, or none. */
  readonly sign: (claims: JWTPayload, typ?: string) => Promise<string>;
};

/** The key kept in the folder under this name, made on first use. */
export async function loadRsaKey(folder: StateFolder, file: string, kid: string): Promise<RsaKey> {
  const stored = await folder.read(file);
  const jwk = jwkSchema.parse(stored ?? (await newJwk(kid)));
  if (stored === undefined) await folder.write(file, jwk);
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const privateKey = await importJWK(jwk, 'RS256');
  return {
    kid: jwk.kid,
    publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
    publicJwk: { kty: 'RSA', alg: 'RS256', use: 'sig', kid: jwk.kid, n: jwk.n, e: jwk.e },
    sign: async (claims, typ) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: jwk.kid, ...(typ !== undefined && { typ }) }).sign(privateKey),
  };
}

async function newJwk(kid: string) {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid };
}
