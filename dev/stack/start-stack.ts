import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundleWorkflows } from '../../activities/agent-worker/bundle-workflows.ts';
import { migrate } from '../../db/migrate.ts';
import { openCache } from '../cache.ts';
import { issuersEnvironment, type IssuersEnvironment } from '../issuers/environment.ts';
import { LOCAL_AUDIENCE, LOCAL_USER_POOL_ID } from '../issuers/server.ts';
import { createDatabase, databaseUrl, withClient } from '../postgres/databases.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import type { Postgres } from '../postgres/postgres.ts';
import { claimFolder } from '../processes/claim-folder.ts';
import type { Child } from '../processes/spawn-child.ts';
import { stickyPort } from '../processes/sticky-port.ts';
import type { Progress } from '../progress.ts';
import { startTemporal } from '../temporal/start-temporal.ts';
import type { Temporal } from '../temporal/temporal.ts';
import { startService } from './child-service.ts';
import { clientVariables } from '../sandbox/environment.ts';
import { clientsOf, processEnvironments, ticketJwks, type Environment, type StackAddresses } from './environment.ts';
import { loadStackKeys, type StackKeys } from './keys.ts';
import { createStopper, type Stopper } from './stopper.ts';
import type { WatchedPart } from './watch-parts.ts';

export interface StackOptions {
  /** Everything of this stack lies here: databases, keys, ports, logs. Kept from start to start. */
  readonly dir: string;
  /** The caller's environment: decides which parts are real ones (DATABASE_URL, TEMPORAL_ADDRESS ...). */
  readonly env: { readonly [variable: string]: string | undefined };
  readonly log: Progress;
  /** Aborted: the start is given up and what has started is ended. */
  readonly signal?: AbortSignal;
  /** A folder made by `npm run build` to run our processes from; from their sources without. */
  readonly dist?: string;
  /** Variables for single processes besides those that the stack sets. */
  readonly extra?: { readonly api?: Environment; readonly connecthub?: Environment; readonly worker?: Environment };
}

export interface Stack {
  readonly urls: { readonly api: string; readonly connecthub: string; readonly issuers: string; readonly sandbox: string };
  readonly temporal: Temporal;
  readonly postgres: Postgres;
  readonly databases: { readonly owner: string; readonly core: string; readonly hub: string };
  readonly keys: StackKeys;
  readonly issuers: IssuersEnvironment;
  readonly environments: { readonly api: Environment; readonly connecthub: Environment; readonly worker: Environment };
  /** Our processes, to be killed and restarted by the demo and the tests. */
  readonly processes: { readonly api: Child; readonly connecthub: Child; readonly worker: Child };
  /** Every process of the stack, ours or not, to be watched; none of a server that somebody else runs. */
  readonly parts: readonly WatchedPart[];
  readonly dir: string;
  /** Ends every process of the stack, the last started first; what they know stays in `dir`. */
  stop(): Promise<void>;
}

const DATABASE = 'clancy';
const NAMESPACE = 'clancy';
const ABORT_GRACE_MS = 15_000;

/** Brings up the whole product on embedded parts, each of which yields to the real one when its variable is set. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stopper = createStopper();
  const starting = start(options, stopper);
  try {
    return await Promise.race([starting, rejectOnAbort(options.signal)]);
  } catch (error) {
    await stopper.stopAll();
    // What was about to start when it was interrupted still writes to the folder: wait for it, but not for a long build.
    await Promise.race([Promise.allSettled([starting]), delay(ABORT_GRACE_MS, undefined, { ref: false })]);
    await stopper.settled();
    throw error;
  }
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('interrupted while starting')), { once: true });
  });
}

async function start(options: StackOptions, stopper: Stopper): Promise<Stack> {
  const { dir, env, log, dist } = options;
  // Before anything else: what runs under a claimed folder without this process is a leftover, and is stopped.
  const claim = await claimFolder(dir);
  stopper.add({ stop: claim.release });
  const cacheDir = await openCache(env);
  const keys = await loadStackKeys(join(dir, 'keys'));
  const [{ postgres, databases }, temporal, issuers, sandbox, bundle] = await allStarted([
    startDatabase({ dir, env, cacheDir, log, keys, stopper }),
    startEngine({ dir, env, cacheDir, log, stopper }),
    startIssuersProcess({ dir, keys, log, stopper }),
    startSandboxProcess({ dir, keys, log, stopper }),
    bundleWorkflows({ dir: join(cacheDir, 'workflows'), plainFailures: env['PAYLOAD_ENCRYPTION'] !== 'on' }),
  ]);
  const at: StackAddresses = {
    api: `http://127.0.0.1:${await stickyPort(join(dir, 'api.port'))}`,
    connecthub: `http://127.0.0.1:${await stickyPort(join(dir, 'connecthub.port'))}`,
    sandbox: sandbox.url,
    coreDatabase: databases.core,
    hubDatabase: databases.hub,
    temporal: temporal.address,
    temporalNamespace: temporal.namespace,
    temporalUi: temporal.uiUrl,
    workflowBundle: bundle.codePath,
    blobs: join(dir, 'blobs'),
  };
  const environments = processEnvironments({
    keys,
    issuers: issuers.environment,
    at,
    encrypts: env['PAYLOAD_ENCRYPTION'] === 'on',
    extra: { api: {}, connecthub: {}, worker: {}, ...options.extra },
  });
  const own = { ...(dist !== undefined && { dist }) };
  const service = async (name: string, serviceEnv: Environment, readyUrl?: string) =>
    stopper.add(await startService({ name, env: serviceEnv, dir, log, ...own, ...(readyUrl !== undefined && { readyUrl }) }));
  const [connecthub, api, worker] = await allStarted([
    service('connecthub', environments.connecthub, `${at.connecthub}/ready`),
    service('api', environments.api, `${at.api}/ready`),
    service('worker', environments.worker),
  ]);
  return {
    urls: { api: at.api, connecthub: at.connecthub, issuers: issuers.url, sandbox: sandbox.url },
    temporal,
    postgres,
    databases,
    keys,
    issuers: issuers.environment,
    environments,
    processes: { api, connecthub, worker },
    parts: [postgres.child, temporal.child, issuers.child, sandbox.child, connecthub, api, worker].filter(
      (part) => part !== undefined,
    ),
    dir,
    stop: () => stopper.stopAll(),
  };
}

interface PartOptions {
  dir: string;
  log: Progress;
  stopper: Stopper;
}

async function startDatabase(part: PartOptions & { env: StackOptions['env']; cacheDir: string; keys: StackKeys }) {
  const postgres = await startPostgres({
    dir: join(part.dir, 'postgres'),
    databaseUrl: part.env['DATABASE_URL'],
    cacheDir: part.cacheDir,
    path: part.env['PATH'] ?? '',
    log: part.log,
  });
  part.stopper.add(postgres);
  const owner = databaseUrl(postgres.url, DATABASE);
  if (!(await hasDatabase(postgres.url))) await createDatabase(postgres.url, DATABASE);
  await migrate({
    ownerUrl: owner,
    coreDbPassword: part.keys.coreDbPassword,
    hubDbPassword: part.keys.hubDbPassword,
    orgContextKey: Buffer.from(part.keys.orgContextKey, 'base64'),
  });
  const databases = {
    owner,
    core: asRole(owner, 'core_runtime', part.keys.coreDbPassword),
    hub: asRole(owner, 'hub_runtime', part.keys.hubDbPassword),
  };
  return { postgres, databases };
}

async function hasDatabase(url: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    return rowCount === 1;
  });
}

async function startEngine(part: PartOptions & { env: StackOptions['env']; cacheDir: string }): Promise<Temporal> {
  const temporal = await startTemporal({
    dir: join(part.dir, 'temporal'),
    address: part.env['TEMPORAL_ADDRESS'],
    uiUrl: part.env['TEMPORAL_UI_URL'],
    namespace: part.env['TEMPORAL_NAMESPACE'] ?? NAMESPACE,
    cli: part.env['CLANCY_TEMPORAL_CLI'],
    cacheDir: part.cacheDir,
    env: part.env,
    log: part.log,
  });
  return part.stopper.add(temporal);
}

async function startIssuersProcess(part: PartOptions & { keys: StackKeys }) {
  const dir = join(part.dir, 'issuers');
  const port = await stickyPort(join(part.dir, 'issuers.port'));
  const url = `http://127.0.0.1:${port}`;
  const env = { CLANCY_MODE: 'development', PORT: String(port), ISSUERS_DIR: dir, RUN_TICKET_JWKS: ticketJwks(part.keys) };
  const child = part.stopper.add(await startService({ name: 'issuers', env, dir: part.dir, log: part.log }));
  const environment = await issuersEnvironment({ url, dir, userPoolId: LOCAL_USER_POOL_ID, audience: LOCAL_AUDIENCE });
  return { url, environment, child };
}

async function startSandboxProcess(part: PartOptions & { keys: StackKeys }) {
  const port = await stickyPort(join(part.dir, 'sandbox.port'));
  const env = { CLANCY_MODE: 'development', PORT: String(port), ...clientVariables(clientsOf(part.keys)) };
  const child = part.stopper.add(await startService({ name: 'sandbox', env, dir: part.dir, log: part.log }));
  return { url: `http://127.0.0.1:${port}`, child };
}

/** As `Promise.all`, but waits for all of them even if one fails: what has started by then can be stopped. */
async function allStarted<T extends readonly unknown[]>(starting: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(starting);
  return Promise.all(starting) as Promise<T>;
}

/** The same database as another role. */
function asRole(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}
