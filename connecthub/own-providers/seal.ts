import type { HubDatabase } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { findOwn } from './store.ts';

const placeOf = (orgId: string, provider: string) => ({
  purpose: 'own-provider',
  orgId,
  object: provider,
  field: 'client_secret',
});

/** Seals the secret of an organisation's OAuth client for its provider's row and no other. */
export function sealClientSecret(box: SecretBox, orgId: string, provider: string, secret: string): Promise<string> {
  return box.seal(placeOf(orgId, provider), secret);
}

/** The secret as it stands now; empty where the provider has none. */
export async function openClientSecret(
  deps: { database: HubDatabase; secretBox: SecretBox },
  orgId: string,
  provider: string,
): Promise<string> {
  const row = await deps.database.withOrgRead({ orgId }, (tx) => findOwn(tx, provider));
  if (!row || row.clientSecret === null) return '';
  return deps.secretBox.open(placeOf(orgId, provider), row.clientSecret);
}
