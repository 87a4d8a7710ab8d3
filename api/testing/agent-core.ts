import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startIssuers, type Issuers } from '../../dev/issuers/server.ts';
import { createCoreDatabase } from '../../db/client.ts';
import type { Role } from '../../platform/auth/permissions.ts';
import { parseSigningKey, publicJwks } from '../../platform/auth/signing-key.ts';
import type { App } from '../../platform/http/server.ts';
import { testDatabase, testOrgId, type TestDatabase } from '../../test/database.ts';
import { createAgentCore } from '../app.ts';
import { createPayloads } from '../codec/payloads.ts';
import { readApiConfig, type ApiConfig } from '../config.ts';
import type { TemporalConnection } from '../temporal/connect.ts';
import { wireAgentCore, type AgentCore } from '../wire.ts';
import { asOwner } from './as-owner.ts';
import { newPerson, type TestPerson } from './people.ts';
import { startStandInHub, type StandInHub } from './stand-in-hub.ts';

/** One copy of Agent-Core: its server, its loops. */
export interface TestCopy {
  app: App;
  url: string;
  core: AgentCore;
  stop(): Promise<void>;
}

export interface TestCore {
  /** What a process of its own would be started with. */
  env: Record<string, string>;
  config: ApiConfig;
  database: TestDatabase;
  hub: StandInHub;
  issuers: Issuers;
  /** The first copy. */
  copy: TestCopy;
  /** Another copy on the same database and Temporal. */
  addCopy(): Promise<TestCopy>;
  person(role: Role, orgId?: string): Promise<TestPerson>;
  /** Audit rows of an organisation with this action. */
  audit(orgId: string, action: string): Promise<object[]>;
  stop(): Promise<void>;
}

export interface TestCoreOptions {
  /** Absent: a Temporal that nobody answers at. */
  temporalAddress?: string;
  /** Variables besides those that every suite needs. */
  env?: Record<string, string>;
  /** Whether relay and reconciler run. */
  loops?: boolean;
}

/** The real Agent-Core on a real database and real issuers; ConnectHub is a stand-in that only has the catalogue. */
export async function startTestCore(options: TestCoreOptions = {}): Promise<TestCore> {
  const dir = await mkdtemp(join(tmpdir(), 'clancy-core-'));
  const database = await testDatabase();
  const signingKey = JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
  const issuers = await startIssuers({ dir, assertionJwks: publicJwks(parseSigningKey(signingKey)) });
  const hub = await startStandInHub();
  const env = {
    ...issuers.environment.people,
    ...issuers.environment.machines,
    ...issuers.environment.admin,
    ...issuers.environment.services.agent_core,
    CLANCY_MODE: 'development',
    DATABASE_URL: database.coreUrl,
    ORG_CONTEXT_KEY: database.orgContextKey.toString('base64'),
    KEY_ENCRYPTION_KEY: `test:${randomBytes(32).toString('base64')}`,
    SIGNING_KEY: signingKey,
    CONNECTHUB_URL: hub.url,
    BLOBS: `folder:${join(dir, 'blobs')}`,
    TEMPORAL_UI_URL: 'http://temporal.test:8233',
    ...options.env,
  };
  const config = readApiConfig(env);
  const copies: TestCopy[] = [];
  const addCopy = async (): Promise<TestCopy> => {
    const copy = await startCopy(config, options);
    copies.push(copy);
    return copy;
  };
  const copy = await addCopy();
  return {
    env,
    config,
    database,
    hub,
    issuers,
    copy,
    addCopy,
    person: (role, orgId = testOrgId()) => newPerson(issuers.url, { orgId, role }),
    audit: (orgId, action) =>
      asOwner(database.ownerUrl, 'select * from core.audit where org_id = $1 and action = $2', [orgId, action]),
    stop: async () => {
      await Promise.all(copies.map((started) => started.stop()));
      await Promise.all([hub.close(), issuers.close()]);
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startCopy(config: ApiConfig, options: TestCoreOptions): Promise<TestCopy> {
  const logger = pino({ level: 'silent' });
  const db = createCoreDatabase({ url: config.DATABASE_URL, orgContextKey: config.ORG_CONTEXT_KEY, logger, max: 5 });
  const payloads = createPayloads(config, db, 'default');
  const temporal = lazyTemporal(options.temporalAddress ?? '127.0.0.1:1', payloads.dataConverter);
  const core = wireAgentCore({ config, logger, db, temporal, payloads, waivers: ['issuers'], version: 'test' });
  const app = await createAgentCore(core.http);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const loops = options.loops === true ? [core.relay.run(), core.reconciler.run()] : [];
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await app.close();
    if (loops.length > 0) await Promise.all([core.relay.stop(), core.reconciler.stop()]);
    core.close();
    await temporal.connection.close();
    await db.close();
  };
  return { app, url, core, stop: () => (stopped ??= stop()) };
}

function lazyTemporal(address: string, dataConverter: DataConverter): TemporalConnection {
  const connection = Connection.lazy({ address });
  return { connection, client: new Client({ connection, namespace: 'default', dataConverter }), namespace: 'default' };
}
