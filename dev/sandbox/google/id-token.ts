import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const LIFETIME_S = 3_600;
let key: KeyObject | undefined;

/** An OpenID Connect id token (RS256), as Google adds it to a token answer where `openid` was asked for. */
export function signIdToken(claims: { issuer: string; clientId: string; email: string }, nowMs: number): string {
  key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
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
  const parts = [{ alg: 'RS256', typ: 'JWT', kid: 'sandbox' }, payload].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signed = parts.join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}
