import { hkdfSync, randomUUID } from 'node:crypto';
import { createHubDatabase, type AuditEntry, type HubDatabase } from '../db/client.ts';
import { createClientCredentialsSource, type ServiceTokenSource } from '../platform/auth/service-token.ts';
import { createBlobClient } from '../platform/blobs/client.ts';
import { createMachineVerifier } from '../platform/auth/machine-verifier.ts';
import { createPersonVerifier } from '../platform/auth/person-verifier.ts';
import { remembered } from '../platform/auth/remembered.ts';
import { createRunTicketVerifier } from '../platform/auth/run-ticket.ts';
import { createExpressions, type Expressions } from '../platform/expressions/expressions.ts';
import { createKeyWatch } from '../platform/secrets/key-watch.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';
import type { Metrics } from '../platform/metrics/metrics.ts';
import type { Verifiers } from '../platform/http/access.ts';
import type { Logger } from 'pino';
import { createParts, type HubParts } from './app.ts';
import { createCatalogueAnswers } from './catalogue/answers.ts';
import { providerSettings, type HubConfig } from './config.ts';
import { addHubFigures } from './metrics/hub-figures.ts';
import { createHubMetrics } from './metrics/hub-metrics.ts';
import { createOutgoingClient, type OutgoingClient } from '../platform/outgoing/client.ts';
import { createOwnProviders } from './own-providers/directory.ts';
import { createRegistry, withOwnProviders } from './providers/registry.ts';
import { createAuth0Exchange } from './tokens/auth0.ts';
import { createDataKeyStore } from './tokens/data-key-store.ts';
import { refreshConnection, type Refresh } from './tokens/refresh.ts';

type OnCommitted = (entries: readonly AuditEntry[], orgId: string) => void;

export interface HubProcess {
  /** Id of this copy: in leases. */
  owner?: string;
  /** Who refreshes tokens; this process when absent. */
  refresh?: Refresh;
  /** Is told of each entry of the audit after its commit. */
  onCommitted?: OnCommitted;
}

export interface Wired {
  parts: HubParts;
  database: HubDatabase;
  outgoing: OutgoingClient;
  expressions: Expressions;
  /** To be told of what another process committed for this one. */
  onCommitted: OnCommitted;
}

/** Everything ConnectHub consists of, out of its configuration; nothing listens or runs yet. */
export function composeHub(config: HubConfig, logger: Logger, metrics: Metrics, its: HubProcess = {}): Wired {
  const installed = createRegistry(providerSettings(config));
  const hubMetrics = createHubMetrics(metrics, installed);
  const catalogueAnswers = createCatalogueAnswers();
  const onCommitted: OnCommitted = (entries, orgId) => {
    hubMetrics.onCommitted(entries);
    catalogueAnswers.onCommitted(entries, orgId);
    its.onCommitted?.(entries, orgId);
  };
  const database = createHubDatabase({ url: config.DATABASE_URL, orgContextKey: config.ORG_CONTEXT_KEY, logger, onCommitted });
  addHubFigures(metrics, database, installed);
  const allowLoopback = config.ALLOW_LOOPBACK === '1';
  const outgoing = createOutgoingClient({ allowLoopback });
  const secretBox = createSecretBox({
    keyService: config.keyService,
    dataKeys: createDataKeyStore(database),
    onKey: hubMetrics.keyHad,
  });
  const expressions = createExpressions({ onThreadError: (error) => logger.warn({ err: error }, 'an expression thread failed') });
  const owner = its.owner ?? `connecthub-${randomUUID()}`;
  const registry = withOwnProviders(installed, createOwnProviders({ database, secretBox }));
  const refreshing = { database, secretBox, outgoing, registry, logger, owner, random: Math.random };
  const parts = createParts({
    ...refreshing,
    refresh: its.refresh ?? ((orgId, row) => refreshConnection(refreshing, orgId, row)),
    blobs: createBlobClient({ agentCoreUrl: config.AGENT_CORE_URL, serviceToken: serviceTokenOf(config) }),
    verifiers: verifiersOf(config),
    verifyTicket: remembered(createRunTicketVerifier(config.RUN_TICKET_JWKS)),
    keyState: createKeyWatch({ keyService: config.keyService, jobs: database.jobs }),
    allowLoopback,
    exchangeAtAuth0: config.auth0 && createAuth0Exchange(outgoing, config.auth0),
    metrics: hubMetrics,
    catalogueAnswers,
    evaluate: (expression, scope) => expressions.evaluate(expression, scope),
    publicUrl: config.PUBLIC_URL,
    returnTo: config.OAUTH_RETURN_TO,
    receiptRetentionDays: config.RECEIPT_RETENTION_DAYS,
    cursorSecret: Buffer.from(hkdfSync('sha256', config.ORG_CONTEXT_KEY, '', 'connecthub list cursors', 32)),
    ui: {
      namespace: config.TEMPORAL_NAMESPACE,
      ...(config.TEMPORAL_UI_URL !== undefined && { temporalUiUrl: config.TEMPORAL_UI_URL }),
    },
    waivers: config.waivers,
    clock: () => new Date(),
  });
  return { parts, database, outgoing, expressions, onCommitted };
}

function serviceTokenOf(config: HubConfig): ServiceTokenSource {
  const { COGNITO_TOKEN_URL: tokenUrl, COGNITO_CLIENT_ID: clientId, COGNITO_CLIENT_SECRET: clientSecret } = config;
  return createClientCredentialsSource({ tokenUrl, clientId, clientSecret });
}

function verifiersOf(config: HubConfig): Verifiers {
  const machines = createMachineVerifier({
    userPoolId: config.COGNITO_USER_POOL_ID,
    serviceClients: config.COGNITO_SERVICE_CLIENTS,
    ...(config.COGNITO_JWKS_URL !== undefined && { jwksUrl: config.COGNITO_JWKS_URL }),
  });
  const parties = config.CLERK_AUTHORIZED_PARTIES?.split(',').map((party) => party.trim());
  return {
    person: remembered(
      createPersonVerifier({
        issuer: config.CLERK_ISSUER,
        audience: config.CLERK_AUDIENCE,
        keys:
          config.CLERK_JWT_KEY === undefined ? { secretKey: config.CLERK_SECRET_KEY ?? '' } : { jwtKey: config.CLERK_JWT_KEY },
        ...(parties && { authorizedParties: parties }),
      }),
    ),
    service: remembered(machines.verifyService),
    agent: remembered(machines.verifyAgent),
  };
}
