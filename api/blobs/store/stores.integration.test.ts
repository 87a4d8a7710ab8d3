import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { S3_CREDENTIALS, startTestS3, type TestS3 } from '../../testing/s3-server.ts';
import type { BlobStore } from './blob-store.ts';
import { createFolderStore } from './folder-store.ts';
import { createS3Store } from './s3-store.ts';

let folder: string;
let s3: TestS3;
const stores: { [kind: string]: { store: BlobStore; names: () => Promise<string[]> } } = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-blobs-'));
  s3 = await startTestS3('values');
  for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
  stores['folder'] = { store: createFolderStore(folder), names: () => readdir(join(folder, 'org_a')).catch(() => []) };
  stores['bucket'] = {
    store: createS3Store({
      bucket: 'values',
      prefix: 'clancy/blobs',
      region: 'eu-west-1',
      endpoint: s3.url,
      usesPathStyle: true,
    }),
    names: async () => [...s3.objects.keys()].map((key) => key.replace('values/clancy/blobs/org_a/', '')),
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

async function* cut(bytes: Buffer, thrown?: Error): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
  if (thrown) throw thrown;
}
const gather = async (stream: AsyncIterable<Buffer> | undefined): Promise<Buffer | undefined> => {
  const pieces: Buffer[] = [];
  for await (const piece of stream ?? []) pieces.push(piece);
  return stream && Buffer.concat(pieces);
};
const newName = () => ({ orgId: 'org_a', objectId: randomUUID() });

describe.each(['folder', 'bucket'])('a %s', (kind) => {
  test('keeps an object, gives it back and deletes it, however often', async () => {
    const { store } = stores[kind]!;
    const [name, bytes] = [newName(), randomBytes(3_000_001)];
    expect(await store.get(name)).toBeUndefined();
    await store.put(name, cut(bytes), bytes.length);
    expect((await gather(await store.get(name)))?.equals(bytes)).toBe(true);
    await store.delete(name);
    await store.delete(name);
    expect(await store.get(name)).toBeUndefined();
  });

  test('keeps nothing of what breaks off, and says what broke it', async () => {
    const { store, names } = stores[kind]!;
    const [name, bytes, reason] = [newName(), randomBytes(200_000), new Error('the wrong hash')];
    await expect(store.put(name, cut(bytes, reason), bytes.length + 16)).rejects.toBe(reason);
    await expect(store.put(name, cut(bytes), bytes.length + 16)).rejects.toBeInstanceOf(Error);
    expect(await names()).toEqual([]);
    expect(await store.get(name)).toBeUndefined();
  });

  test.each([
    { orgId: '../org_b', objectId: randomUUID() },
    { orgId: 'org_a', objectId: '../../etc/passwd' },
    { orgId: '', objectId: randomUUID() },
  ])('knows no object of the name $orgId/$objectId', async (name) => {
    const { store } = stores[kind]!;
    await expect(store.get(name)).rejects.toBeInstanceOf(RangeError);
    await expect(store.put(name, cut(Buffer.from('x')), 1)).rejects.toBeInstanceOf(RangeError);
    await expect(store.delete(name)).rejects.toBeInstanceOf(RangeError);
  });
});
