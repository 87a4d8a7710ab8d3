import type { SecretBox } from '../../platform/secrets/secret-box.ts';

export interface TokenPair {
  accessToken: string;
  refreshToken?: string;
}

export interface SealedPair {
  accessToken: string;
  refreshToken: string | null;
}

/** Seals a connection's tokens for its row and no other. */
export async function sealTokens(box: SecretBox, orgId: string, connectionId: string, tokens: TokenPair): Promise<SealedPair> {
  const accessToken = await box.seal(placeOf(orgId, connectionId, 'access_token'), tokens.accessToken);
  if (tokens.refreshToken === undefined) return { accessToken, refreshToken: null };
  return { accessToken, refreshToken: await box.seal(placeOf(orgId, connectionId, 'refresh_token'), tokens.refreshToken) };
}

/** Of a connection whose access tokens come from elsewhere. */
export function sealRefreshToken(box: SecretBox, orgId: string, connectionId: string, token: string): Promise<string> {
  return box.seal(placeOf(orgId, connectionId, 'refresh_token'), token);
}

export function openToken(
  box: Pick<SecretBox, 'open'>,
  place: { orgId: string; connectionId: string },
  field: 'access_token' | 'refresh_token',
  sealed: string,
): Promise<string> {
  return box.open(placeOf(place.orgId, place.connectionId, field), sealed);
}

function placeOf(orgId: string, object: string, field: string) {
  return { purpose: 'connection-token', orgId, object, field };
}
