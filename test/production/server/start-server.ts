import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { withClient } from '../../../dev/postgres/databases.ts';
import type { Postgres } from '../../../dev/postgres/postgres.ts';
import { freePort } from '../../../dev/processes/free-port.ts';
import { spawnChild, type Child } from '../../../dev/processes/spawn-child.ts';
import { silent } from '../../../dev/progress.ts';
import type { TemporalServerFiles } from './get-server.ts';
import { serverConfig } from './server-config.ts';

const DEPLOY = fileURLToPath(new URL('../../../deploy/temporal/', import.meta.url));

export interface TemporalServer {
  /** `host:port` of its frontend. */
  readonly address: string;
  /** As Temporal's own role. */
  readonly database: URL;
  readonly child: Child;
}

/** Temporal's server on PostgreSQL as docker-compose.temporal.yml starts it: role and databases, schema job, server. */
export async function startServer(dir: string, files: TemporalServerFiles, postgres: Postgres): Promise<TemporalServer> {
  const database = await createDatabases(postgres);
  await setUpSchema(files, database);
  const frontend = await freePort();
  const others = await Promise.all(Array.from({ length: 7 }, () => freePort()));
  const config = serverConfig({ ports: { frontend, others }, database, dynamicConfig: join(DEPLOY, 'dynamic-config.yaml') });
  await mkdir(join(dir, 'config'), { recursive: true });
  await writeFile(join(dir, 'config', 'production.yaml'), JSON.stringify(config)); // JSON is YAML
  const address = `127.0.0.1:${frontend}`;
  const child = await spawnChild({
    name: 'Temporal server',
    command: join(files.bin, 'server'),
    args: ['--root', dir, '--config', 'config', '--env', 'production', '--allow-no-auth', 'start'],
    env: { PATH: '/usr/bin:/bin', HOME: dir },
    cwd: dir,
    logFile: join(dir, 'temporal-server.log'),
    readyWhen: () => answers(address),
    readyTimeoutMs: 120_000,
    stopTimeoutMs: 30_000,
    log: silent,
  });
  return { address, database, child };
}

/** As deploy/postgres/temporal.sh, for which psql is needed. */
async function createDatabases(postgres: Postgres): Promise<URL> {
  const password = randomBytes(24).toString('hex');
  await withClient(postgres.url, async (client) => {
    await client.query(`create role temporal login password '${password}'`);
    await client.query('create database temporal owner temporal');
    await client.query('create database temporal_visibility owner temporal');
  });
  const url = new URL(postgres.url);
  Object.assign(url, { username: 'temporal', password, pathname: '/temporal' });
  return url;
}

/** Twice, as the second start of an installation does. */
async function setUpSchema(files: TemporalServerFiles, database: URL): Promise<void> {
  const env = {
    PATH: `${files.bin}:/usr/bin:/bin`,
    SCHEMA_DIR: files.schemaDir,
    SQL_HOST: database.hostname,
    SQL_PORT: database.port,
    SQL_USER: database.username,
    SQL_PASSWORD: database.password,
  };
  for (let time = 0; time < 2; time++) await promisify(execFile)('/bin/sh', [join(DEPLOY, 'schema.sh')], { env });
}

async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  await connection.close();
  return true;
}
