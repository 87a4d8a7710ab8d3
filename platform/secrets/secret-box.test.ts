import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DataKeyStore, StoredDataKey, WrappedDataKey } from './data-keys.ts';
import { createKeyService } from './key-service.ts';
import { createSecretBox } from './secret-box.ts';
import type { SecretContext } from './secret-box.ts';
import { SealedTextError } from './sealed.ts';

const newKek = (kid: string) => `${kid}:${randomBytes(32).toString('base64')}`;
const kek = newKek('kek1');
const place: SecretContext = { purpose: 'connection-token', orgId: 'org_a', object: 'con_1', field: 'access_token' };

/** Rows as a table with the unique index "one key in use per organisation" would hold them. */
function memoryStore() {
  const rows: WrappedDataKey[] = [];
  const reads: string[] = [];
  const inUse = (orgId: string) => rows.findLast((row) => row.orgId === orgId);
  const store: DataKeyStore = {
    get: async (orgId, kid) => {
      reads.push(orgId);
      return kid === undefined ? inUse(orgId) : rows.find((row) => row.orgId === orgId && row.kid === kid);
    },
    insert: async (key) => {
      const winner = inUse(key.orgId) ?? key;
      if (winner === key) rows.push(key);
      return winner;
    },
  };
  return { rows, reads, store };
}

const boxOver = (store: DataKeyStore, keys = kek) => createSecretBox({ keyService: createKeyService(keys), dataKeys: store });

test('any secret comes back, from another process too, and never stands in its sealed form', async () => {
  const { store } = memoryStore();
  const [here, there] = [boxOver(store), boxOver(store)];
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (secret) => {
      const sealed = await here.seal(place, secret);
      expect(sealed).toMatch(/^v1\.[\w-]+\.[\w-]{16}\.[\w-]*\.[\w-]{22}$/);
      expect(await there.open(place, sealed)).toBe(secret);
    }),
  );
});

test('the same secret is never sealed alike twice', async () => {
  const box = boxOver(memoryStore().store);
  expect(await box.seal(place, 'xoxb-1')).not.toBe(await box.seal(place, 'xoxb-1'));
});

test.each<[string, Partial<SecretContext>]>([
  ['organisation', { orgId: 'org_b' }],
  ['object', { object: 'con_2' }],
  ['field', { field: 'refresh_token' }],
  ['purpose', { purpose: 'app-client' }],
])('row 33: a row moved to another %s does not open', async (_name, change) => {
  const { store } = memoryStore();
  const box = boxOver(store);
  await box.seal({ ...place, orgId: 'org_b' }, 'so that the other organisation has a key');
  const sealed = await box.seal(place, 'xoxb-1');
  await expect(box.open({ ...place, ...change }, sealed)).rejects.toThrow(SealedTextError);
});

test('a data key moved to another organisation does not unwrap', async () => {
  const { rows, store } = memoryStore();
  const sealed = await boxOver(store).seal(place, 'xoxb-1');
  rows.push(...rows.map((row) => ({ ...row, orgId: 'org_b' })));
  await expect(boxOver(store).open({ ...place, orgId: 'org_b' }, sealed)).rejects.toThrow(SealedTextError);
});

test('row 33: a wrapped key opens under its own name alone', async () => {
  const keyService = createKeyService(kek);
  const wrapped = await keyService.wrap({ orgId: 'org_a', kid: 'k1' }, randomBytes(32));
  await expect(keyService.unwrap({ orgId: 'org_b', kid: 'k1' }, wrapped)).rejects.toThrow(SealedTextError);
  await expect(keyService.unwrap({ orgId: 'org_a', kid: 'k2' }, wrapped)).rejects.toThrow(SealedTextError);
  expect(await keyService.unwrap({ orgId: 'org_a', kid: 'k1' }, wrapped)).toHaveLength(32);
});

test('a place whose parts could be cut otherwise is refused', async () => {
  const box = boxOver(memoryStore().store);
  await expect(box.seal({ ...place, object: 'con_1|access' }, 'x')).rejects.toThrow(RangeError);
  await expect(box.seal({ ...place, field: '' }, 'x')).rejects.toThrow(RangeError);
});

test('row 33: every truncated tag is refused', async () => {
  const box = boxOver(memoryStore().store);
  const parts = (await box.seal(place, 'xoxb-1')).split('.');
  const tag = Buffer.from(parts[4] ?? '', 'base64url');
  expect(tag.length).toBe(16);
  for (const length of [0, 4, 8, 12, 13, 14, 15]) {
    const cut = [...parts.slice(0, 4), tag.subarray(0, length).toString('base64url')].join('.');
    await expect(box.open(place, cut), `${length} bytes`).rejects.toThrow(SealedTextError);
  }
});

test('a single changed character anywhere is refused', async () => {
  const box = boxOver(memoryStore().store);
  const sealed = await box.seal(place, 'xoxb-1-secret');
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.constantFrom(...Array.from('Aa0_.|')), async (at, character) => {
      const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
      // The last character of a base64url part may carry unused bits: the bytes are then the same.
      fc.pre(!sameBytes(changed, sealed));
      await expect(box.open(place, changed)).rejects.toThrow(SealedTextError);
    }),
  );
});

test('the error shows neither secret nor key', async () => {
  const box = boxOver(memoryStore().store);
  const sealed = await box.seal(place, 'xoxb-1');
  const error = await box.open({ ...place, field: 'other' }, sealed).catch((reason: unknown) => reason);
  expect(String(error)).toBe('SealedTextError: the sealed text cannot be opened here');
  expect(error).not.toHaveProperty('cause');
});

test('two processes that seal first at the same time use one key', async () => {
  const { rows, store } = memoryStore();
  const boxes = Array.from({ length: 8 }, () => boxOver(store));
  const sealed = await Promise.all(boxes.map((box) => box.seal(place, 'xoxb-1')));
  expect(rows).toHaveLength(1);
  expect(await Promise.all(sealed.map((text) => boxOver(store).open(place, text)))).toEqual(sealed.map(() => 'xoxb-1'));
});

test('rows of the old key encryption key stay readable after its rotation and are refused after its retirement', async () => {
  const { store } = memoryStore();
  const sealed = await boxOver(store).seal(place, 'xoxb-1');
  const next = newKek('kek2');
  expect(await boxOver(store, `${next},${kek}`).open(place, sealed)).toBe('xoxb-1');
  await expect(boxOver(store, next).open(place, sealed)).rejects.toThrow(SealedTextError);
});

test('a destroyed key stops working when its row is looked at again', async () => {
  const { rows, store } = memoryStore();
  let nowMs = 0;
  const box = createSecretBox({ keyService: createKeyService(kek), dataKeys: store, seenMs: 1000, now: () => nowMs });
  const sealed = await box.seal(place, 'xoxb-1');
  expect(await box.open(place, sealed)).toBe('xoxb-1');
  rows.length = 0;
  nowMs = 1001;
  await expect(box.open(place, sealed)).rejects.toThrow(SealedTextError);
});

test('a retired key opens no secret, but for whoever seals anew, and seals none', async () => {
  const rows: StoredDataKey[] = [];
  const store: DataKeyStore = {
    get: async (orgId, kid) =>
      rows.findLast((row) => row.orgId === orgId && (kid === undefined ? !row.isRetired : row.kid === kid)),
    insert: async (key) => (rows.push(key), key),
  };
  const sealed = await boxOver(store).seal(place, 'xoxb-1');
  rows[0] = { ...rows[0]!, isRetired: true };
  await expect(boxOver(store).open(place, sealed)).rejects.toThrow(SealedTextError);
  const resealer = createSecretBox({ keyService: createKeyService(kek), dataKeys: store, opensRetired: true });
  expect(await resealer.open(place, sealed)).toBe('xoxb-1');
  expect((await boxOver(store).seal(place, 'xoxb-1')).split('.')[1]).not.toBe(sealed.split('.')[1]);
});

test('what was at hand to seal with seals for its own organisation alone', async () => {
  const seal = await boxOver(memoryStore().store).sealerOf('org_a');
  expect(() => seal({ ...place, orgId: 'org_b' }, 'x')).toThrow(RangeError);
});

test('keys are read once while they are at hand, and memory holds no more than it may', async () => {
  const { reads, store } = memoryStore();
  const box = createSecretBox({ keyService: createKeyService(kek), dataKeys: store, maxCached: 2 });
  await box.seal(place, 'a');
  await box.seal(place, 'b');
  expect(reads).toEqual(['org_a']);
  await box.seal({ ...place, orgId: 'org_b' }, 'a');
  await box.seal({ ...place, orgId: 'org_c' }, 'a');
  await box.seal(place, 'c');
  expect(reads).toEqual(['org_a', 'org_b', 'org_c', 'org_a']);
});

test.each(['', 'kek1', `kek1:${randomBytes(16).toString('base64')}`, `:${randomBytes(32).toString('base64')}`, `${kek},${kek}`])(
  'the configuration %# is refused without being shown',
  (text) => {
    expect(() => createKeyService(text)).toThrow(/^(a key encryption key is written|key encryption keys need)/);
  },
);

function sameBytes(a: string, b: string): boolean {
  const bytes = (text: string) =>
    text.split('.').map((part, i) => (i < 2 ? part : Buffer.from(part, 'base64url').toString('hex')));
  return /^[\w.-]+$/.test(a) && JSON.stringify(bytes(a)) === JSON.stringify(bytes(b));
}
