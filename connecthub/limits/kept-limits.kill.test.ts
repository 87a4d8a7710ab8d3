import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silent } from '../../dev/progress.ts';
import type { ProviderId } from '../../dev/sandbox/providers.ts';
import { listeningUrl, startService } from '../../dev/stack/child-service.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

/** As long as the longest of the documented limits. */
const FOR_MS = 60_000;
/** Calls under way at a time of each kind: more than any limit lets through. */
const AT_ONCE = 6;

let harness: HubHarness;
let dir: string;
const processes: { url: string; stop: () => Promise<unknown> }[] = [];
beforeAll(async () => {
  harness = await hubHarness();
  dir = await mkdtemp(join(tmpdir(), 'clancy-limits-'));
  for (const name of ['connecthub', 'connecthub-2']) {
    const env = { ...harness.surroundings.env, PROVIDER_LIMITS_FACTOR: '1', PORT: '0' };
    const child = await startService({ name: 'connecthub', env, dir: await mkdtemp(join(dir, name)), log: silent });
    const url = listeningUrl(await readFile(child.logFile, 'utf8')) ?? '';
    processes.push({ url, stop: () => child.stop() });
  }
}, 120_000);
afterAll(async () => {
  await Promise.all(processes.map(({ stop }) => stop()));
  await harness.close();
  await rm(dir, { recursive: true, force: true });
});

interface Load {
  provider: ProviderId;
  capability: string;
  parameters: (n: number) => object;
  /** Requests that get through in a minute, at least: well below what is documented, so that no lower limit passes. */
  atLeast: number;
  /** The provider's words for too much; other answers of its own are not looked at. */
  tooMuch: readonly number[];
}

const LOADS: Load[] = [
  // 10 a second and 500 a minute.
  { provider: 'quickbooks', capability: 'report.profit_and_loss', parameters: () => ({}), atLeast: 250, tooMuch: [429] },
  // One a second in each of three channels.
  {
    provider: 'slack',
    capability: 'slack.post',
    parameters: (n) => ({ channel: ['#billing', '#general', '#finance'][n % 3], text: `${n}` }),
    atLeast: 50,
    tooMuch: [429],
  },
  // 20 pages a minute.
  { provider: 'slack', capability: 'slack.users.find', parameters: () => ({ query: 'nobody' }), atLeast: 15, tooMuch: [429] },
  // 6,000 units: each call is a list and up to twenty-five mails at 5 units.
  {
    provider: 'gmail',
    capability: 'email.search',
    parameters: () => ({ query: 'newer_than:3000d', limit: 25 }),
    atLeast: 400,
    tooMuch: [429, 403],
  },
];

/** One caller after another, at the copies in turn, until the time is over; a refused call comes back sooner than it is told. */
async function press(office: Office, load: Load, untilMs: number): Promise<void> {
  for (let n = 0; performance.now() < untilMs; n += 1) {
    const { url } = processes[n % processes.length] ?? { url: '' };
    const answer = await fetch(`${url}/proxy/${load.provider}/${load.capability}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${office.agentToken}`,
        'clancy-run-ticket': office.ticket,
        'idempotency-key': office.callId(),
        'content-type': 'application/json',
      },
      body: JSON.stringify({ connection_id: office.connectionId, parameters: load.parameters(n) }),
    });
    await answer.text();
    if (![200, 429].includes(answer.status)) throw new Error(`${load.capability} was answered ${answer.status}`);
    if (answer.status === 429) await delay(Math.random() * 500);
  }
}

it('keeps every provider’s limits for a minute, two processes under load: the judge answers 429 to none', async () => {
  const { sandbox } = harness.surroundings;
  const offices = await Promise.all(
    LOADS.map(async (load) => {
      const office = await harness.office({ provider: load.provider });
      await sandbox.enforceLimits(office.team);
      return { office, load };
    }),
  );
  const untilMs = performance.now() + FOR_MS;
  const pressing = offices.flatMap(({ office, load }) => Array.from({ length: AT_ONCE }, () => press(office, load, untilMs)));
  await Promise.all(pressing);
  for (const { office, load } of offices) {
    const statuses = (await sandbox.requests(office.team)).map(({ status }) => status ?? 0);
    const tooMuch = statuses.filter((status) => load.tooMuch.includes(status));
    process.stdout.write(`${load.capability}: ${statuses.length} requests, ${tooMuch.length} too much\n`);
    expect([load.capability, tooMuch.length]).toEqual([load.capability, 0]);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(load.atLeast);
  }
}, 240_000);
