import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { parsePublicJwks, parseSigningKey, publicJwks } from '../auth/signing-key.ts';

/**
 * Every secret of a new installation that we can make ourselves, by the names that docker-compose.temporal.yml asks for.
 * Made at random each time; passwords are hexadecimal, since they stand in addresses.
 */
export function makeInstallationSecrets(): { [variable: string]: string } {
  const password = (): string => randomBytes(24).toString('hex');
  const key = (): string => randomBytes(32).toString('base64');
  const signingKey = makeSigningKey();
  return {
    POSTGRES_PASSWORD: password(),
    TEMPORAL_DB_PASSWORD: password(),
    CORE_DB_PASSWORD: password(),
    HUB_DB_PASSWORD: password(),
    ORG_CONTEXT_KEY: key(),
    CORE_KEY_ENCRYPTION_KEY: `core-1:${key()}`,
    HUB_KEY_ENCRYPTION_KEY: `hub-1:${key()}`,
    SIGNING_KEY: signingKey,
    RUN_TICKET_JWKS: JSON.stringify(publicJwks(parseSigningKey(signingKey))),
  };
}

/**
 * A new signing key for an installation that runs: the public keys in use stay beside it, for the tickets that are out.
 *
 * @param published RUN_TICKET_JWKS as it is
 * @throws TypeError when that is no JWKS
 */
export function makeNextSigningKey(published: string): { [variable: string]: string } {
  const previous = parsePublicJwks(published);
  const signingKey = makeSigningKey();
  return {
    SIGNING_KEY: signingKey,
    RUN_TICKET_JWKS: JSON.stringify(publicJwks(parseSigningKey(signingKey), previous.keys)),
    PREVIOUS_TICKET_JWKS: JSON.stringify(previous),
  };
}

function makeSigningKey(): string {
  return JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
}
