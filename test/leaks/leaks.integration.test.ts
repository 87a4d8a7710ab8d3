import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClancyClient, type ClancyClient } from '../../cli/client/clancy-client.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import { makeTempFolder } from '../../dev/processes/temp-folder.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { createClientCredentialsSource } from '../../platform/auth/service-token.ts';
import { startTestStack, type TestOrg, type TestStack } from '../stack/test-stack.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { findSecrets, readFiles, type Place, type Secret } from './search.ts';
import { liveThroughEverything, standStill } from './story.ts';

/** Stands in the input of every run, so it is found wherever runs leave data. */
const CANARY = `canary-${randomBytes(12).toString('hex')}`;
const canary: Secret = { name: 'the canary', value: CANARY };

let stack: TestStack;
let org: TestOrg;
let recorder: Recorder;
let folder: Awaited<ReturnType<typeof makeTempFolder>>;
/** Of the run that stands still while the worker's heaps are looked at. */
const canaryOfWorkflows: Secret = { name: 'the canary of workflows', value: `standing-${randomBytes(12).toString('hex')}` };
/** Every token that the provider has ever given out. */
let tokens: Secret[];

beforeAll(async () => {
  folder = await makeTempFolder('clancy-leaks');
  const verbose = { LOG_LEVEL: 'trace' };
  stack = await startTestStack({ extra: { api: verbose, connecthub: verbose, worker: { ...verbose, NODE_OPTIONS: preload() } } });
  const { api, connecthub } = stack.stack.urls;
  recorder = createRecorder([api, connecthub, await workerUrl()]);
  org = stack.newOrg();
  await liveThroughEverything({
    stack,
    org,
    client: client(),
    fetch: recorder.fetch,
    workerUrl: await workerUrl(),
    text: CANARY,
  });
  tokens = (await stack.sandbox.tokens()).map(({ value, kind, state }, index) => ({
    name: `${state} ${kind} token ${index}`,
    value,
  }));
}, 240_000);
afterAll(async () => {
  await stack.close();
  await folder.remove();
});

/** NODE_OPTIONS that make the worker write its heap when asked. */
function preload(): string {
  const url = new URL('snapshot-on-signal.mjs', import.meta.url);
  url.search = new URLSearchParams({ file: join(folder.path, 'worker'), canary: CANARY }).toString();
  return `--import=${url.href}`;
}

function client(): ClancyClient {
  const { api: apiUrl, connecthub: connecthubUrl } = stack.stack.urls;
  return createClancyClient({ apiUrl, connecthubUrl, token: () => org.token('admin'), fetch: recorder.fetch });
}

/** Of the listener for probes. */
async function workerUrl(): Promise<string> {
  const log = await readFile(stack.stack.processes.worker.logFile, 'utf8');
  return /"url":"(http:[^"]+)"/.exec(log)?.[1] ?? '';
}

/** Secrets of the processes themselves: nothing of a run needs any of them. */
function ownSecrets(): Secret[] {
  const { keys, issuers } = stack.stack;
  const clients = Object.entries(issuers.services).map(([name, { COGNITO_CLIENT_SECRET: value }]) => ({
    name: `client secret of ${name}`,
    value,
  }));
  const privateKey = (JSON.parse(keys.signingKey) as { d: string }).d;
  const afterKid = (key: string) => key.slice(key.indexOf(':') + 1);
  return [
    ...clients,
    { name: 'signing key', value: privateKey },
    { name: 'key encryption key of core', value: afterKid(keys.coreKeyEncryptionKey) },
    { name: 'key encryption key of hub', value: afterKid(keys.hubKeyEncryptionKey) },
    { name: 'organisation context key', value: keys.orgContextKey },
    { name: 'database password of core', value: keys.coreDbPassword },
    { name: 'database password of hub', value: keys.hubDbPassword },
    { name: "Slack's client secret", value: keys.slackClientSecret },
  ];
}

/** What every token of an issuer begins with: its header, with type, algorithm and key id. */
async function tokenHeaders(): Promise<{ machines: Secret; people: Secret; tickets: Secret }> {
  const {
    COGNITO_CLIENT_ID: clientId,
    COGNITO_CLIENT_SECRET: clientSecret,
    COGNITO_TOKEN_URL: tokenUrl,
  } = stack.stack.issuers.services.worker;
  const machine = await createClientCredentialsSource({ tokenUrl, clientId, clientSecret }).token();
  const headerOf = (token: string) => `${token.split('.', 1)[0]}.`;
  return {
    machines: { name: 'a token of a service or an employee', value: headerOf(machine) },
    people: { name: "a person's token", value: headerOf(await org.token('admin')) },
    tickets: { name: 'a run ticket', value: headerOf(await aTicket()) },
  };
}

async function aTicket(): Promise<string> {
  const [database] = await temporalFiles();
  const ticket = /eyJ[\w-]+\.eyJ[\w-]+\./.exec(database!.bytes.toString('latin1'))?.[0];
  if (ticket === undefined) throw new Error('the history holds no ticket');
  return ticket;
}

/** One place: a text may stand in the file or in what is still to be written to it. */
async function temporalFiles(): Promise<Place[]> {
  const { dbFile } = stack.stack.temporal;
  const files = [dbFile!, `${dbFile}-wal`].map((path) => readFile(path).catch(() => Buffer.alloc(0)));
  return [{ name: "Temporal's database", bytes: Buffer.concat(await Promise.all(files)) }];
}

/** Every row of every table of ours, as text. */
function ourTables(): Promise<Place[]> {
  return withClient(stack.stack.databases.owner, async (owner) => {
    const { rows: tables } = await owner.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('core', 'hub', 'authz', 'app')`,
    );
    const places: Place[] = [];
    for (const { name } of tables) {
      const { rows } = await owner.query<{ line: string }>(`select t::text as line from ${name} t`);
      places.push({ name, bytes: Buffer.from(rows.map(({ line }) => line).join('\n')) });
    }
    return places;
  });
}

/** The heaps of the worker's threads, those of its workflows among them: in one stands what the run at hand was started with. */
async function workerHeaps(): Promise<Place[]> {
  process.kill(stack.stack.processes.worker.pid, 'SIGUSR2');
  const areThere = async () => {
    const heaps = await readFiles(folder.path, '.heapsnapshot');
    const ofWorkflows = heaps.filter((heap) => findSecrets([canaryOfWorkflows], [heap]).length > 0);
    return ofWorkflows.length > 0 && heaps.some(({ name }) => name === 'worker.0.heapsnapshot') && heaps;
  };
  return waitUntil(areThere, { timeoutMs: 60_000, what: "snapshots of the worker's heaps", everyMs: 500 });
}

describe('after runs of every kind', () => {
  it('the provider has given out tokens of every kind, which the search finds where they are', async () => {
    const given = (await stack.sandbox.tokens()).map(({ kind, state }) => `${state} ${kind}`);
    expect(new Set(given)).toEqual(new Set(['revoked access', 'revoked refresh', 'live access', 'live refresh']));
    // Two consents and a renewal.
    expect(given.filter((one) => one.endsWith('access')).length).toBeGreaterThanOrEqual(3);
    const control = [{ name: 'the control', bytes: Buffer.from(JSON.stringify(await stack.sandbox.tokens())) }];
    expect(findSecrets(tokens, control)).toHaveLength(tokens.length);
  });

  it("Temporal's database holds the runs, and no token or secret besides their tickets", async () => {
    const files = await temporalFiles();
    const { machines, people, tickets } = await tokenHeaders();
    expect(findSecrets([canary, tickets], files)).toHaveLength(2);
    expect(findSecrets([...tokens, ...ownSecrets(), machines, people], files)).toEqual([]);
  });

  it('no log holds a token, a ticket or a secret', async () => {
    const logs = await readFiles(stack.stack.dir, '.log');
    const { api, connecthub } = stack.stack.urls;
    const urls = [api, connecthub, await workerUrl()].map((value) => ({ name: value, value }));
    expect(findSecrets(urls, logs)).toEqual(expect.arrayContaining([`${api} in api.log`, `${connecthub} in connecthub.log`]));
    expect(logs.map(({ name }) => name)).toEqual(expect.arrayContaining(['worker.log', join('temporal', 'temporal.log')]));
    const { machines, people, tickets } = await tokenHeaders();
    expect(findSecrets([...tokens, ...ownSecrets(), machines, people, tickets], logs)).toEqual([]);
  });

  it("no answer holds a token, a ticket or a secret, except that of the exchange for an employee's token", async () => {
    const answers = await recorder.answers();
    expect(findSecrets([canary], answers).length).toBeGreaterThan(0);
    const { machines, people, tickets } = await tokenHeaders();
    expect(findSecrets([...tokens, ...ownSecrets(), people, tickets], answers)).toEqual([]);
    expect(findSecrets([machines], answers)).toEqual([`${machines.name} in answer to POST /internal/agent-tokens`]);
  });

  it('our own tables hold no token, ticket or secret in the clear', async () => {
    const tables = await ourTables();
    expect(findSecrets([canary], tables).length).toBeGreaterThan(0);
    const { machines, people, tickets } = await tokenHeaders();
    expect(findSecrets([...tokens, machines, people, tickets], tables)).toEqual([]);
  });

  it("the worker's heaps hold no token of a provider, and no secret but the worker's own", async () => {
    await standStill({ stack, org, client: client(), text: canaryOfWorkflows.value });
    const heaps = await workerHeaps();
    const planted = { name: 'planted', value: `planted-${CANARY}` };
    expect(findSecrets([planted], heaps)).toHaveLength(heaps.length);
    // The employee's token is in there, as it must be: so a provider's would be found.
    const { machines } = await tokenHeaders();
    expect(findSecrets([machines], heaps)).toEqual([`${machines.name} in worker.0.heapsnapshot`]);
    const others = ownSecrets().filter(({ name }) => name !== 'client secret of worker');
    expect(findSecrets([...tokens, ...others], heaps)).toEqual([]);
  });
});
