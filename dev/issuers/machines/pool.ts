import { randomUUID } from 'node:crypto';
import type { PreTokenResult } from '../../../platform/auth/pre-token-trigger.ts';
import type { RsaKey } from '../rsa-key.ts';
import type { AppClient, AppClients } from './app-clients.ts';

/** The local stand-in for one Cognito user pool. */
export type UserPool = {
  /** Such as `eu-central-1_LocalPool1`. */
  readonly id: string;
  readonly key: RsaKey;
  readonly clients: AppClients;
  /** The production trigger, as Cognito would call it. */
  readonly preTokenTrigger: (event: unknown) => Promise<PreTokenResult>;
};

/** The region in a pool's id. */
export function regionOf(poolId: string): string {
  return poolId.slice(0, poolId.indexOf('_'));
}

/** The event that Cognito hands to the trigger: V3_0, the one for machines. */
export function preTokenEvent(pool: UserPool, client: AppClient, scopes: string[], metadata: Record<string, string>) {
  return {
    version: '3',
    triggerSource: 'TokenGeneration_ClientCredentials',
    region: regionOf(pool.id),
    userPoolId: pool.id,
    userName: client.clientId,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: client.clientId },
    request: { userAttributes: {}, groupConfiguration: {}, scopes, clientMetadata: metadata },
    response: { claimsAndScopeOverrideDetails: null },
  };
}

/**
 * A client-credentials access token with Cognito's real issuer string.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export async function mintAccessToken(pool: UserPool, client: AppClient, scopes: string[], added: object, nowMs: number) {
  const iat = Math.floor(nowMs / 1000);
  return pool.key.sign({
    ...added,
    sub: client.clientId,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: iat,
    iss: `https://cognito-idp.${regionOf(pool.id)}.amazonaws.com/${pool.id}`,
    exp: iat + client.accessTokenSeconds,
    iat,
    version: 2,
    jti: randomUUID(),
    client_id: client.clientId,
  });
}
