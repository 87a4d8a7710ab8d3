import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const LIFETIME_S = 3_600;
const KID = 'sandbox';
let key: KeyObject | undefined;

function signingKey(): KeyObject {
  return (key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
}

/** What stands at `https://www.googleapis.com/oauth2/v3/certs`. */
export function publicKeys(): { keys: object[] } {
  return { keys: [{ ...createPublicKey(signingKey()).export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }] };
}

/** An OpenID Connect id token (RS256), as Google adds it to a token answer where `openid` was asked for. */
export function signIdToken(claims: { issuer: string; clientId: string; email: string }, nowMs: number): string {
  const issuedS = Math.floor(nowMs / 1_000);
  const payload = {
    iss: claims.issuer,
    aud: claims.clientId,
    azp: claims.clientId,
    sub: Buffer.from(claims.email).toString('hex').slice(0, 21),
    email: claims.email,
    email_verified: true,
    iat: issuedS,
    exp: issuedS + LIFETIME_S,
  };
  const parts = [{ alg: 'RS256', typ: 'JWT', kid: KID }, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = parts.join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), signingKey()).toString('base64url')}`;
}
