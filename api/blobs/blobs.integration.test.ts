import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asOwner } from '../testing/as-owner.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import type { TestPerson } from '../testing/people.ts';
import { MAX_FILE_BYTES } from './blobs.ts';
import { sweepBlobs } from './retention.ts';
import { createFolderStore } from './store/folder-store.ts';

let core: TestCore;
let owner: TestPerson;
let others: TestPerson;
beforeAll(async () => {
  core = await startTestCore();
  [owner, others] = await Promise.all([core.person('owner'), core.person('owner')]);
});
afterAll(() => core.stop());

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const upload = (content: Buffer, person: TestPerson | undefined = owner, headers: Record<string, string> = {}) =>
  fetch(new URL('/v1/blobs', core.copy.url), {
    method: 'POST',
    headers: { ...(person && { authorization: `Bearer ${person.token}` }), 'content-type': 'application/pdf', ...headers },
    body: new Uint8Array(content),
  });
const download = (sha256: string, person: TestPerson = owner) =>
  fetch(new URL(`/v1/blobs/${sha256}`, core.copy.url), { headers: { authorization: `Bearer ${person.token}` } });
const sql = (query: string, values: unknown[]) => asOwner(core.database.ownerUrl, query, values);
const folder = (orgId: string) => join(core.env['BLOBS']!.slice('folder:'.length), orgId);
const keep = async (person = owner): Promise<string> => {
  const content = randomBytes(100_000);
  await upload(content, person);
  return hashOf(content);
};
const sweep = () =>
  sweepBlobs({
    db: core.copy.core.http.db,
    store: createFolderStore(core.env['BLOBS']!.slice('folder:'.length)),
    logger: { warn: () => {}, info: () => {} },
    now: () => new Date(),
  });
const age = (sha256: string) => sql(`update core.blobs set expires_at = now() - interval '1 second' where sha256 = $1`, [sha256]);

test('a file that was given is had again by people of the organisation, as bytes that no browser runs', async () => {
  const content = Buffer.from('<script>alert(1)</script>'.repeat(5_000));
  const given = await upload(content, owner, { 'content-type': 'text/HTML; charset=utf-8' });
  const sha256 = hashOf(content);
  expect([given.status, await given.json()]).toEqual([201, { blob: { sha256, size: content.length, media_type: 'text/html' } }]);
  const viewer = await core.person('viewer', owner.orgId);
  const had = await download(sha256, viewer);
  expect(Buffer.from(await had.arrayBuffer()).equals(content)).toBe(true);
  expect(Object.fromEntries(had.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${sha256}"`,
    'x-content-type-options': 'nosniff',
    'content-length': String(content.length),
  });
  expect((await upload(content)).status).toBe(201);
  expect(await sql(`select 1 from core.blobs where org_id = $1 and state = 'stored'`, [owner.orgId])).toHaveLength(1);
});

test('a file of another organisation is not there, and who may not give or read one is refused', async () => {
  const sha256 = await keep();
  const bodyOf = async (answer: Response) => ({ ...((await answer.json()) as object), instance: '' });
  const [foreign, unknown] = await Promise.all([download(sha256, others), download('a'.repeat(64), others)]);
  expect([foreign.status, await bodyOf(foreign)]).toEqual([404, await bodyOf(unknown)]);
  expect((await upload(randomBytes(10), await core.person('viewer'))).status).toBe(403);
  expect((await fetch(new URL(`/v1/blobs/${sha256}`, core.copy.url))).status).toBe(401);
  for (const name of ['..%2f..%2fetc%2fpasswd', 'A'.repeat(64), 'a'.repeat(63)]) {
    expect((await download(name)).status).toBe(400);
  }
});

test('25 MB are taken, and one byte more is refused', async () => {
  const largest = Buffer.alloc(MAX_FILE_BYTES, 'x');
  expect((await upload(largest)).status).toBe(201);
  const refused = await upload(Buffer.alloc(MAX_FILE_BYTES + 1));
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([413, 'payload_too_large']);
});

test('a body of unknown length is refused, and a type that is none is bytes', async () => {
  const { hostname, port } = new URL(core.copy.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1/blobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${owner.token}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString()).toContain('400 Bad Request');
  const typed = async (type: string) => {
    const given = await upload(randomBytes(10), owner, { 'content-type': type });
    return [given.status, ((await given.json()) as { blob?: { media_type: string } }).blob?.media_type];
  };
  expect(await typed('Text/Plain; charset=x')).toEqual([201, 'text/plain']);
  expect(await typed(`x/${'y'.repeat(100)}`)).toEqual([201, 'application/octet-stream']);
  expect(await typed('../../x')).toEqual([400, undefined]);
});

test('a file whose time is over is deleted, one that was given again is not, and what a killed round left goes with the next', async () => {
  const [gone, again, half] = [await keep(), randomBytes(1_000), await keep()];
  await upload(again);
  for (const sha256 of [gone, hashOf(again), half]) await age(sha256);
  await upload(again);
  await sql(`update core.blobs set state = 'doomed' where sha256 = $1`, [half]);
  expect((await download(half)).status).toBe(404);
  const before = await readdir(folder(owner.orgId));
  expect(await Promise.all([sweep(), sweep()])).not.toEqual([0, 0]);
  expect((await readdir(folder(owner.orgId))).length).toBeLessThanOrEqual(before.length - 2);
  expect((await download(gone)).status).toBe(404);
  expect((await download(hashOf(again))).status).toBe(200);
  expect(await sql('select 1 from core.blobs where sha256 = any($1)', [[gone, half]])).toEqual([]);
});

test('reading prolongs the life of a file that is past half of it', async () => {
  const sha256 = await keep();
  await sql(`update core.blobs set expires_at = now() + interval '1 day' where sha256 = $1`, [sha256]);
  expect((await download(sha256)).status).toBe(200);
  const [row] = await sql(`select expires_at > now() + interval '199 days' as kept from core.blobs where sha256 = $1`, [sha256]);
  expect(row).toEqual({ kept: true });
});

test('a file that was changed, put in the place of another or whose key is gone is not given out', async () => {
  const [changed, taken, given] = [await keep(), await keep(others), await keep()];
  const objectOf = async (sha256: string) => {
    const [row] = await sql('select org_id, object_id from core.blobs where sha256 = $1', [sha256]);
    return join(folder(String(row!['org_id'])), String(row!['object_id']));
  };
  const bytes = await readFile(await objectOf(changed));
  await writeFile(await objectOf(changed), Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]));
  await writeFile(await objectOf(given), await readFile(await objectOf(taken)));
  // The answer says so, or ends before its length.
  const isGiven = async (answer: Response) =>
    answer.arrayBuffer().then(
      () => answer.ok,
      () => false,
    );
  expect(await isGiven(await download(changed))).toBe(false);
  expect(await isGiven(await download(given))).toBe(false);
  const third = await core.person('owner');
  const shredded = await keep(third);
  await sql('delete from core.data_keys where org_id = $1', [third.orgId]);
  const after = await core.addCopy();
  const answer = await fetch(new URL(`/v1/blobs/${shredded}`, after.url), {
    headers: { authorization: `Bearer ${third.token}` },
  });
  expect(await isGiven(answer)).toBe(false);
});
