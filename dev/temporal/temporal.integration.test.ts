import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardianOf, startDoomedParent, survivors } from '../processes/doomed-parent.ts';
import { findProcess } from '../processes/process-table.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { formatStep, silent } from '../progress.ts';
import { ensureNamespace } from './namespaces.ts';
import { startTemporal } from './start-temporal.ts';
import type { Temporal, TemporalOptions } from './temporal.ts';
import { testHost } from './test-host.ts';

// The first start on a fresh machine may have to build the server.
const buildTimeoutMs = 900_000;

let folder: TempFolder;
let options: Omit<TemporalOptions, 'log'>;
let server: Temporal;
const lines: string[] = [];

beforeAll(async () => {
  folder = await makeTempFolder('clancy-temporal');
  options = {
    dir: join(folder.path, 'temporal'),
    namespace: 'clancy',
    namespaces: ['second'],
    ...(await testHost()),
  };
  server = await startTemporal({ ...options, log: (step) => lines.push(formatStep(step)) });
}, buildTimeoutMs);

afterAll(async () => {
  await server.stop();
  await folder.remove();
});

async function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

const attributesOf = (namespace: string) =>
  withConnection(async (connection) => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return Object.keys(customAttributes);
  });

const orgId = defineSearchAttributeKey('OrgId', 'KEYWORD');

/** Starts a workflow that nobody works on, which shows what the server remembers. */
const startWaiting = (namespace: string, workflowId: string) =>
  withConnection(async (connection) => {
    const client = new Client({ connection, namespace });
    const typedSearchAttributes = [{ key: orgId, value: 'org_1' }];
    await client.workflow.start('nobody', { workflowId, taskQueue: 'empty', typedSearchAttributes });
  });

const statusOf = (namespace: string, workflowId: string) =>
  withConnection(async (connection) => {
    const client = new Client({ connection, namespace });
    return (await client.workflow.getHandle(workflowId).describe()).status.name;
  });

const ours = ['OrgId', 'EmployeeId', 'TriggerType', 'RunStatus', 'SkillId', 'ScheduleId', 'WaitingOn', 'EmployeeVersion'];

describe('an embedded Temporal server', { timeout: 60_000 }, () => {
  it('says what it started and how long that took', () => {
    expect(lines.at(-1)).toMatch(/^Temporal server [\d.]+ with Web UI [\d.]+ \(from .+\) started in \d+\.\d s$/);
  });

  it('has its namespaces with the search attributes of runs', async () => {
    expect(await attributesOf('clancy')).toEqual(expect.arrayContaining(ours));
    expect(await attributesOf('second')).toEqual(expect.arrayContaining(ours));
  });

  it('serves the Web UI', async () => {
    const page = await fetch(`${server.uiUrl}/namespaces/clancy/workflows`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<html');
  });

  it('keeps its state in a WAL file through SIGKILL, at the same address', async () => {
    await access(`${server.dbFile}-wal`);
    await startWaiting('clancy', 'before-the-kill');
    const { address, pid } = server;
    server.kill('SIGKILL');
    await server.restart();
    expect(server.address).toBe(address);
    expect(server.pid).not.toBe(pid);
    expect(await statusOf('clancy', 'before-the-kill')).toBe('RUNNING');
  });

  it('gets a namespace while it runs', async () => {
    await withConnection((connection) => ensureNamespace(connection, 'late'));
    await startWaiting('late', 'first');
    expect(await statusOf('late', 'first')).toBe('RUNNING');
    await withConnection((connection) => ensureNamespace(connection, 'late'));
    expect(await attributesOf('late')).toEqual(expect.arrayContaining(ours));
  });

  it('refuses a folder that is already in use', async () => {
    await expect(startTemporal({ ...options, log: silent })).rejects.toThrow(/is in use by process \d+/);
  });

  it('yields to a real server and completes its namespaces', async () => {
    const existing = await startTemporal({ ...options, address: server.address, namespace: 'found', log: silent });
    expect(existing).toMatchObject({ address: server.address, namespace: 'found', pid: undefined });
    expect(await attributesOf('found')).toEqual(expect.arrayContaining(ours));
    await existing.stop();
    expect(await findProcess(server.pid ?? 0)).toBeDefined();
  });

  it('says that a real server does not answer', async () => {
    const nobody = startTemporal({ ...options, address: '127.0.0.1:1', log: silent });
    await expect(nobody).rejects.toThrow(/TEMPORAL_ADDRESS \(127\.0\.0\.1:1\) does not answer/);
  });
});

describe('a Temporal server whose parent is killed', { timeout: 60_000 }, () => {
  const startParent = (dir: string) =>
    startDoomedParent(
      folder.path,
      `import { startTemporal } from ${JSON.stringify(new URL('start-temporal.ts', import.meta.url).href)};
      const options = ${JSON.stringify({ ...options, dir })};
      const { address, pid } = await startTemporal({ ...options, log: () => {} });
      console.log('address', address, 'pid', pid, 'ready');
      setInterval(() => {}, 1000);`,
    );

  it('ends by itself', async () => {
    const parent = await startParent(join(folder.path, 'first'));
    const [, pid] = await parent.printed(/address (\S+) pid (\d+)/);
    parent.kill('SIGKILL');
    expect(await survivors([Number(pid)])).toEqual([]);
  });

  it('is stopped by the next start when the guardian was killed with the parent', async () => {
    const dir = join(folder.path, 'second');
    const parent = await startParent(dir);
    const [address, pid] = await parent.printed(/address (\S+) pid (\d+)/);
    const guardian = (await guardianOf(parent)) ?? 0;
    parent.kill('SIGSTOP');
    process.kill(guardian, 'SIGKILL');
    parent.kill('SIGKILL');
    expect(await survivors([guardian, parent.pid])).toEqual([]);
    expect(await findProcess(Number(pid))).toBeDefined();
    const said: string[] = [];
    const successor = await startTemporal({ ...options, dir, log: (step) => said.push(formatStep(step)) });
    expect(said).toContain(`Stopped Temporal (process ${pid}), left running by an earlier start`);
    expect(successor.address).toBe(address);
    await successor.stop();
  });
});
