import { SERVICE_NAMES } from '../../platform/auth/principal.ts';
import type { ServiceName } from '../../platform/auth/principal.ts';
import { readAppClients } from './machines/app-clients.ts';
import { regionOf } from './machines/pool.ts';
import { loadRsaKey } from './rsa-key.ts';
import { readSignInClient, type SignInClient } from './sign-in/client.ts';
import { openStateFolder } from './state-folder.ts';

/** Environment variables of the processes, by the part of them that needs to know. */
export type IssuersEnvironment = {
  /** Who verifies people: api, connecthub. */
  readonly people: Record<'CLERK_ISSUER' | 'CLERK_JWT_KEY' | 'CLERK_AUDIENCE', string>;
  /** Who verifies machines: api, connecthub. */
  readonly machines: Record<'COGNITO_USER_POOL_ID' | 'COGNITO_JWKS_URL' | 'COGNITO_SERVICE_CLIENTS', string>;
  /** Who makes app clients: api. */
  readonly admin: Record<'COGNITO_REGION' | 'COGNITO_ADMIN_ENDPOINT', string>;
  /** Temporal's Web UI, for people who sign in to it. */
  readonly signIn: SignInClient & { readonly issuer: string };
  /** A service's own client. */
  readonly services: Record<ServiceName, Record<'COGNITO_CLIENT_ID' | 'COGNITO_CLIENT_SECRET' | 'COGNITO_TOKEN_URL', string>>;
};

export type RunningIssuers = {
  readonly url: string;
  readonly dir: string;
  readonly userPoolId: string;
  readonly audience: string;
};

/** Reads from the issuers' folder what the other processes are to be started with. */
export async function issuersEnvironment({ url, dir, userPoolId, audience }: RunningIssuers): Promise<IssuersEnvironment> {
  const folder = await openStateFolder(dir);
  const { publicPem } = await loadRsaKey(folder, 'people-key.json', 'ins_local');
  const clients = (await readAppClients(folder)) ?? [];
  const signIn = await readSignInClient(folder);
  if (signIn === undefined) throw new Error(`the issuers have not run in ${dir}`);
  const clientOf = (service: ServiceName) => {
    const client = clients.find((candidate) => candidate.service === service);
    if (client === undefined) throw new Error(`the issuers have not run in ${dir}`);
    return client;
  };
  const serviceEnvironment = (service: ServiceName) => ({
    COGNITO_CLIENT_ID: clientOf(service).clientId,
    COGNITO_CLIENT_SECRET: clientOf(service).clientSecret,
    COGNITO_TOKEN_URL: `${url}/oauth2/token`,
  });
  const ids = Object.fromEntries(SERVICE_NAMES.map((service) => [service, clientOf(service).clientId]));
  return {
    people: { CLERK_ISSUER: url, CLERK_JWT_KEY: publicPem, CLERK_AUDIENCE: audience },
    machines: {
      COGNITO_USER_POOL_ID: userPoolId,
      COGNITO_JWKS_URL: `${url}/${userPoolId}/.well-known/jwks.json`,
      COGNITO_SERVICE_CLIENTS: JSON.stringify(ids),
    },
    admin: { COGNITO_REGION: regionOf(userPoolId), COGNITO_ADMIN_ENDPOINT: url },
    signIn: { ...signIn, issuer: url },
    services: {
      agent_core: serviceEnvironment('agent_core'),
      connecthub: serviceEnvironment('connecthub'),
      worker: serviceEnvironment('worker'),
    },
  };
}
