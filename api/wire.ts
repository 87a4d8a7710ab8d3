import type { Logger } from 'pino';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { CoreDatabase } from '../db/client.ts';
import { signAgentAssertion } from '../platform/auth/agent-assertion.ts';
import { createCognitoAgentTokenSource } from '../platform/auth/agent-token-source.ts';
import { createCognitoClientRegistry } from '../platform/auth/cognito-client-registry.ts';
import { createMachineVerifier } from '../platform/auth/machine-verifier.ts';
import { createPersonVerifier } from '../platform/auth/person-verifier.ts';
import { remembered } from '../platform/auth/remembered.ts';
import { createRunTicketVerifier, signRunTicket, type RunTicketClaims } from '../platform/auth/run-ticket.ts';
import { publicJwks } from '../platform/auth/signing-key.ts';
import type { Verifiers } from '../platform/http/access.ts';
import { createKeyWatch } from '../platform/secrets/key-watch.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';
import type { AgentCoreDeps } from './app.ts';
import { createAuditSealer } from './audit/sealer.ts';
import type { Payloads } from './codec/payloads.ts';
import type { ApiConfig } from './config.ts';
import type { Loop } from '../platform/loop.ts';
import { createRetention } from './blobs/retention.ts';
import { createConnectHubClient } from './connecthub/client.ts';
import { createCapabilityFactsReader } from './employees/capability-facts.ts';
import { createFactHeads } from './facts/fact-heads.ts';
import { createFactTriggers } from './facts/triggers/dispatcher.ts';
import { createBuilder, createBuildingModel } from './graph-builder/index.ts';
import type { CoreMetrics } from './metrics/core-metrics.ts';
import { createCursors } from '../platform/http/page.ts';
import { createRunMemory, type RunMemory } from './memory/memory.ts';
import { createCoreDataKeyStore } from './identity/data-key-store.ts';
import { createCancelRunHandler } from './outbox/handlers/cancel-run.ts';
import { createEmployeeClientHandler } from './outbox/handlers/create-employee-client.ts';
import { createNoteStartHandler } from './outbox/handlers/note-start.ts';
import { createSignalHandler } from './outbox/handlers/signal.ts';
import { createStartRunHandler } from './outbox/handlers/start-run.ts';
import { createSyncScheduleHandler } from './outbox/handlers/sync-schedule.ts';
import { createTriggerScheduleHandler } from './outbox/handlers/trigger-schedule.ts';
import { createRelay, type Relay } from './outbox/relay.ts';
import { createRunStarter } from './outbox/run-starter.ts';
import { createFeeds } from './runs/live/feeds.ts';
import { createHistorySource } from './runs/live/history-source.ts';
import { createReconciler } from './runs/reconciler.ts';
import { createWaitingReader } from './runs/waiting.ts';
import { pingTemporal, type TemporalConnection } from './temporal/connect.ts';
import { createRunEngine } from './temporal/run-engine.ts';
import { createScheduleEngine, type ScheduleEngine } from './temporal/schedule-engine.ts';
import { createSystemSchedules } from './temporal/system-schedules.ts';

/** In development workers die on purpose; a killed one is noticed after this time instead of ten seconds. */
const DEVELOPMENT_TASK_TIMEOUT_MS = 2_000;

export interface WireOptions {
  config: ApiConfig;
  logger: Logger;
  db: CoreDatabase;
  /** Its client with the data converter of `payloads`. */
  temporal: TemporalConnection;
  payloads: Payloads;
  waivers: readonly string[];
  version: string;
  /** From `createDrain`; `/ready` says no when it does. */
  isStopping?: () => boolean;
  metrics?: CoreMetrics;
}

export interface AgentCore {
  /** For `createAgentCore`. */
  http: AgentCoreDeps;
  relay: Relay;
  reconciler: Loop;
  retention: Loop;
  systemSchedules: Loop;
  factTriggers: Loop;
  auditSealer: Loop;
  /** For the activities of Agent-Core's own queue. */
  activities: {
    db: CoreDatabase;
    verifyTicket: AgentCoreDeps['verifyTicket'];
    scheduleEngine: ScheduleEngine;
    signTicket: (claims: RunTicketClaims) => Promise<string>;
    capabilityFacts: AgentCoreDeps['capabilityFacts'];
    memory: RunMemory;
    wakeRelay: () => void;
    now: () => Date;
  };
  verifyTicket: AgentCoreDeps['verifyTicket'];
  close: () => void;
}

/** Puts Agent-Core together over an open database and an open connection to Temporal, which stay the caller's. */
export function wireAgentCore(options: WireOptions): AgentCore {
  const { config, logger, db, temporal, payloads, metrics } = options;
  const client = {
    client: temporal.client,
    encrypts: payloads.encrypts,
    ...(config.CLANCY_MODE === 'development' && { workflowTaskTimeoutMs: DEVELOPMENT_TASK_TIMEOUT_MS }),
  };
  const engine = createRunEngine({ ...client, decodeHistory: payloads.decodeHistory });
  const scheduleEngine = createScheduleEngine(client);
  const capabilityFacts = createCapabilityFactsReader();
  const signTicket = (claims: RunTicketClaims): Promise<string> => signRunTicket(config.SIGNING_KEY, claims);
  const secrets = createSecretBox({ keyService: config.keyService, dataKeys: createCoreDataKeyStore(db) });
  const memory = createRunMemory({ secrets, now: () => new Date() });
  const registry = createCognitoClientRegistry({
    region: config.COGNITO_REGION,
    userPoolId: config.COGNITO_USER_POOL_ID,
    ...(config.COGNITO_ADMIN_ENDPOINT !== undefined && { endpoint: config.COGNITO_ADMIN_ENDPOINT }),
  });
  const relay = createRelay({
    db,
    logger,
    owner: `${hostname()}/${process.pid}/${randomUUID()}`,
    onLooked: () => metrics?.jobDone('relay'),
    handlers: {
      start_run: createStartRunHandler({ db, engine, signTicket, memory }),
      note_start: createNoteStartHandler({ db, engine }),
      signal: createSignalHandler({ engine }),
      cancel_run: createCancelRunHandler({ db, engine }),
      create_employee_client: createEmployeeClientHandler({ db, registry, secrets }),
      sync_schedule: createSyncScheduleHandler({ db, engine: scheduleEngine }),
      trigger_schedule: createTriggerScheduleHandler({ db, engine: scheduleEngine }),
    },
  });
  const verifyTicket = remembered(createRunTicketVerifier(publicJwks(config.SIGNING_KEY, config.PREVIOUS_TICKET_JWKS?.keys)));
  const buildingModel = createBuildingModel(config);
  const http: AgentCoreDeps = {
    db,
    onServed: metrics?.onServed,
    engine,
    logger,
    verifiers: createVerifiers(config),
    connecthub: createConnectHubClient({ baseUrl: config.CONNECTHUB_URL }),
    builder: createBuilder(buildingModel),
    cursors: createCursors(config.ORG_CONTEXT_KEY),
    factHeads: createFactHeads({ db, logger }),
    capabilityFacts,
    memory,
    scheduleEngine,
    feeds: createFeeds({ source: createHistorySource({ ...temporal, decodeHistory: payloads.decodeHistory }), logger }),
    waiting: createWaitingReader({ engine, client: temporal.client }),
    ui: { namespace: temporal.namespace, ...(config.TEMPORAL_UI_URL !== undefined && { temporalUiUrl: config.TEMPORAL_UI_URL }) },
    wakeRelay: relay.wake,
    runStarter: createRunStarter({ relay, engine, signTicket }),
    now: () => new Date(),
    verifyTicket,
    secrets,
    payloadKeys: payloads.keys,
    payloadBlobs: payloads.payloadBlobs,
    blobs: payloads.blobs,
    orgOfWorkflow: payloads.keys.orgOfWorkflow,
    encryptsPayloads: payloads.encrypts,
    ...(config.PLATFORM_OPERATOR_ORG !== undefined && { platformOperatorOrg: config.PLATFORM_OPERATOR_ORG }),
    ...(config.TEMPORAL_UI_URL !== undefined && { webUiOrigin: new URL(config.TEMPORAL_UI_URL).origin }),
    tokens: createCognitoAgentTokenSource({
      tokenUrl: config.COGNITO_TOKEN_URL,
      signAssertion: (claims) => signAgentAssertion(config.SIGNING_KEY, claims),
    }),
    health: {
      mode: config.CLANCY_MODE,
      version: options.version,
      waivers: options.waivers,
      isStopping: options.isStopping,
      pingDatabase: db.ping,
      keyState: createKeyWatch({ keyService: config.keyService, jobs: db.jobs }),
      pingTemporal: () => pingTemporal(temporal),
    },
  };
  const reconciler = createReconciler({ db, engine, logger, onSwept: () => metrics?.jobDone('reconciler') });
  const activities = {
    db,
    verifyTicket,
    scheduleEngine,
    signTicket,
    capabilityFacts,
    memory,
    wakeRelay: relay.wake,
    now: http.now,
  };
  const retention = createRetention({
    db,
    store: payloads.blobStore,
    logger,
    now: http.now,
    onSwept: () => metrics?.jobDone('blob_retention'),
  });
  const close = (): void => {
    registry.close();
    void buildingModel?.close();
  };
  const factTriggers = createFactTriggers({ ...http, onLooked: () => metrics?.jobDone('fact_triggers') });
  const auditSealer = createAuditSealer({ db, logger, onSealed: () => metrics?.jobDone('audit_seal') });
  const systemSchedules = createSystemSchedules({ client: temporal.client, logger });
  const loops = { relay, reconciler, retention, factTriggers, auditSealer, systemSchedules };
  return { http, activities, ...loops, verifyTicket, close };
}

function createVerifiers(config: ApiConfig): Verifiers {
  const { CLERK_JWT_KEY: jwtKey, CLERK_SECRET_KEY: secretKey = '' } = config;
  const machines = createMachineVerifier({
    userPoolId: config.COGNITO_USER_POOL_ID,
    serviceClients: config.COGNITO_SERVICE_CLIENTS,
    ...(config.COGNITO_JWKS_URL !== undefined && { jwksUrl: config.COGNITO_JWKS_URL }),
  });
  const person = createPersonVerifier({
    issuer: config.CLERK_ISSUER,
    audience: config.CLERK_AUDIENCE,
    keys: jwtKey === undefined ? { secretKey } : { jwtKey },
    ...(config.CLERK_AUTHORIZED_PARTIES && { authorizedParties: config.CLERK_AUTHORIZED_PARTIES }),
  });
  return { person, service: remembered(machines.verifyService), agent: remembered(machines.verifyAgent) };
}
