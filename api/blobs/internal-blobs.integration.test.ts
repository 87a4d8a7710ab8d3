import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeEmployeeId, makeRunId } from '../../contracts/ids.ts';
import { createBlobClient } from '../../platform/blobs/client.ts';
import type { ServiceName } from '../../platform/auth/principal.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { asOwner } from '../testing/as-owner.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { hire } from '../testing/hire.ts';
import { tokensOf } from '../testing/service-token.ts';
import type { TestPerson } from '../testing/people.ts';
import { MAX_FILE_BYTES } from './blobs.ts';

let core: TestCore;
let owner: TestPerson;
let runId: string;
let othersRunId: string;
beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
  const at = '2026-11-23T10:00:00.000Z';
  const runOf = async (person: TestPerson) => makeRunId({ employee: await hire(core.copy.url, person), version: 1, at });
  runId = await runOf(owner);
  othersRunId = await runOf(await core.person('owner'));
});
afterAll(() => core.stop());

const clientOf = (service: ServiceName) =>
  createBlobClient({ agentCoreUrl: core.copy.url, serviceToken: tokensOf(core, service) });
const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const folder = (): string => core.env['BLOBS']!.slice('folder:'.length);
const rowsOf = (orgId: string) =>
  asOwner(core.database.ownerUrl, 'select * from core.blobs where org_id = $1 order by created_at', [orgId]);
const filesOf = (orgId: string) => readdir(join(folder(), orgId)).catch(() => []);

async function send(options: {
  sha256: string;
  body?: Buffer;
  workflowId?: string;
  token?: string;
  headers?: Record<string, string>;
}) {
  const { sha256, body, workflowId = runId } = options;
  return fetch(new URL(`/internal/blobs/${sha256}`, core.copy.url), {
    method: body ? 'PUT' : 'GET',
    headers: {
      authorization: `Bearer ${options.token ?? (await tokensOf(core, 'worker').token())}`,
      'clancy-workflow-id': workflowId,
      ...options.headers,
    },
    ...(body && { body: new Uint8Array(body) }),
  });
}

test('a worker puts a value once, however often, and gets it back; nobody reads it in the folder', async () => {
  const content = Buffer.concat([Buffer.from('words of a run'), randomBytes(300_000)]);
  const sha256 = hashOf(content);
  const worker = clientOf('worker');
  await Promise.all([1, 2, 3].map(() => worker.put(`${runId}:skill:work`, { sha256, content })));
  await worker.put(runId, { sha256, content });
  expect((await worker.get(`${runId}~r1`, sha256))?.content.equals(content)).toBe(true);
  const stored = (await rowsOf(owner.orgId)).filter((row) => row['state'] === 'stored');
  expect(stored).toMatchObject([{ kind: 'payload', sha256, size: content.length, created_by: 'service:worker' }]);
  const kept = await readFile(join(folder(), owner.orgId, String(stored[0]!['object_id'])));
  expect(kept.includes('words of a run')).toBe(false);
});

test('a hash is nothing with the run of another organisation, of nobody, and to another service', async () => {
  const content = randomBytes(1_000);
  const sha256 = hashOf(content);
  await clientOf('worker').put(runId, { sha256, content });
  const nobodys = makeRunId({ employee: makeEmployeeId(new Uint8Array(16)), version: 1, at: '2026-11-23T10:00:00.000Z' });
  const token = await tokensOf(core, 'connecthub').token();
  const asked = [
    { sha256: 'a'.repeat(64) },
    { sha256, workflowId: othersRunId },
    { sha256, workflowId: nobodys },
    { sha256, token },
  ];
  const answers = await Promise.all(asked.map((one) => send(one)));
  const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<Record<string, unknown>>));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect(new Set(bodies.map((body) => JSON.stringify({ ...body, instance: '' }))).size).toBe(1);
  expect((await send({ sha256, token: owner.token })).status).toBe(401);
});

test('a content that is not what its hash or length says is refused, and nothing of it is kept', async () => {
  const content = randomBytes(200_000);
  const before = await filesOf(owner.orgId);
  const wrong = await send({ sha256: 'b'.repeat(64), body: content });
  expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([422, 'blob_mismatch']);
  expect((await send({ sha256: 'b'.repeat(64) })).status).toBe(404);
  expect((await send({ sha256: 'B'.repeat(64), body: content })).status).toBe(400);
  expect((await send({ sha256: hashOf(content), body: content, workflowId: 'my-workflow' })).status).toBe(404);
  expect(await filesOf(owner.orgId)).toEqual(before);
});

test('the largest is taken, and one byte more than its framing is refused before it is read', async () => {
  const largest = Buffer.alloc(MAX_FILE_BYTES, 'x');
  const hub = clientOf('connecthub');
  await hub.put(runId, { sha256: hashOf(largest), content: largest, mediaType: 'application/pdf' });
  const found = await hub.get(runId, hashOf(largest));
  expect([found?.mediaType, found?.content.equals(largest)]).toEqual(['application/pdf', true]);
  const more = Buffer.alloc(MAX_FILE_BYTES + 64 * 1024 + 1);
  expect((await send({ sha256: hashOf(more), body: more })).status).toBe(413);
});

test('an upload that breaks off in the middle leaves nothing that anybody could read', async () => {
  const content = randomBytes(400_000);
  const sha256 = hashOf(content);
  const token = await tokensOf(core, 'worker').token();
  const { hostname, port } = new URL(core.copy.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [`PUT /internal/blobs/${sha256} HTTP/1.1`, `Host: ${hostname}`, `Authorization: Bearer ${token}`];
  const about = [`Clancy-Workflow-Id: ${runId}`, `Content-Length: ${content.length}`, '', ''];
  socket.write([...head, ...about].join('\r\n'));
  socket.write(content.subarray(0, 300_000));
  const stateOf = async () => (await rowsOf(owner.orgId)).find((row) => row['sha256'] === sha256)?.['state'];
  await waitUntil(async () => (await stateOf()) === 'pending', { timeoutMs: 10_000, what: 'the upload to begin' });
  expect((await send({ sha256 })).status).toBe(404);
  socket.destroy();
  await waitUntil(async () => (await stateOf()) === 'doomed', { timeoutMs: 10_000, what: 'the upload to be given up' });
  expect((await filesOf(owner.orgId)).filter((name) => name.endsWith('.part'))).toEqual([]);
});
