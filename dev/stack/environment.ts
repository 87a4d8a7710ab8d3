import type { IssuersEnvironment } from '../issuers/environment.ts';
import { makeClients, providerVariables } from '../sandbox/environment.ts';
import type { Clients } from '../sandbox/providers.ts';
import { parseSigningKey, publicJwks } from '../../platform/auth/signing-key.ts';
import type { StackKeys } from './keys.ts';

export type Environment = { readonly [variable: string]: string };

/** Where the parts of a stack stand; fixed before the first of our processes is started. */
export interface StackAddresses {
  readonly api: string;
  readonly connecthub: string;
  readonly sandbox: string;
  readonly coreDatabase: string;
  readonly hubDatabase: string;
  readonly temporal: string;
  readonly temporalNamespace: string;
  readonly temporalUi: string | undefined;
  /** Made once, so that a worker starts again quickly. */
  readonly workflowBundle: string;
  /** Folder of large values; Agent-Core makes it. */
  readonly blobs: string;
}

/** The application's clients at the sandbox's providers. */
export function clientsOf(keys: StackKeys): Clients {
  return makeClients((provider) => keys[`${provider}ClientSecret`]);
}

/** The public half of the stack's signing key, as RUN_TICKET_JWKS. */
export function ticketJwks(keys: StackKeys): string {
  return JSON.stringify(publicJwks(parseSigningKey(keys.signingKey)));
}

/** What each of our processes is started with: exactly the variables that it reads, and nothing of the caller's own. */
export function processEnvironments(options: {
  keys: StackKeys;
  issuers: IssuersEnvironment;
  at: StackAddresses;
  /** Whether what Temporal stores is encrypted. */
  encrypts: boolean;
  /** Passed through: Temporal's and the model's own variables, LOG_LEVEL. */
  extra: { api: Environment; connecthub: Environment; worker: Environment };
}): { api: Environment; connecthub: Environment; worker: Environment } {
  const { keys, issuers, at, encrypts, extra } = options;
  const common = { CLANCY_MODE: 'development', HOST: '127.0.0.1' };
  const temporal = {
    TEMPORAL_ADDRESS: at.temporal,
    TEMPORAL_NAMESPACE: at.temporalNamespace,
    ...(encrypts && { PAYLOAD_ENCRYPTION: 'on' }),
  };
  return {
    api: {
      ...common,
      ...temporal,
      ...issuers.people,
      ...issuers.machines,
      ...issuers.admin,
      ...issuers.services.agent_core,
      PORT: portOf(at.api),
      DATABASE_URL: at.coreDatabase,
      ORG_CONTEXT_KEY: keys.orgContextKey,
      KEY_ENCRYPTION_KEY: keys.coreKeyEncryptionKey,
      SIGNING_KEY: keys.signingKey,
      CONNECTHUB_URL: at.connecthub,
      BLOBS: `folder:${at.blobs}`,
      ...(at.temporalUi !== undefined && { TEMPORAL_UI_URL: at.temporalUi }),
      ...extra.api,
    },
    connecthub: {
      ...common,
      ...issuers.people,
      ...issuers.machines,
      ...issuers.services.connecthub,
      PORT: portOf(at.connecthub),
      PUBLIC_URL: at.connecthub,
      DATABASE_URL: at.hubDatabase,
      ORG_CONTEXT_KEY: keys.orgContextKey,
      KEY_ENCRYPTION_KEY: keys.hubKeyEncryptionKey,
      RUN_TICKET_JWKS: ticketJwks(keys),
      AGENT_CORE_URL: at.api,
      TEMPORAL_NAMESPACE: at.temporalNamespace,
      ...(at.temporalUi !== undefined && { TEMPORAL_UI_URL: at.temporalUi }),
      ...providerVariables(clientsOf(keys), at.sandbox),
      ALLOW_LOOPBACK: '1',
      ...extra.connecthub,
    },
    worker: {
      ...common,
      ...temporal,
      ...issuers.services.worker,
      PORT: '0',
      AGENT_CORE_URL: at.api,
      CONNECTHUB_URL: at.connecthub,
      WORKFLOW_BUNDLE_PATH: at.workflowBundle,
      ...extra.worker,
    },
  };
}

function portOf(url: string): string {
  return new URL(url).port;
}
