import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DataKeyStore, StoredDataKey } from './data-keys.ts';
import type { KeyRows, SealedColumn } from './key-rows.ts';
import { createKeyService } from './key-service.ts';
import { rotateOrgKey, type RotateDeps } from './rotate-org.ts';
import { kidOf } from './sealed.ts';
import { createSecretBox } from './secret-box.ts';

const ORG = 'org_a';
const keyService = createKeyService(`k:${randomBytes(32).toString('base64')}`);
const placeOf = (orgId: string, object: string) => ({ purpose: 'test', orgId, object, field: 'secret' });

/** An organisation's keys and one column, at a clock that goes on only while somebody waits. */
async function setUp() {
  const keys: (StoredDataKey & { atMs: number; isRetired: boolean })[] = [];
  const texts = new Map<string, string>();
  let nowMs = 0;
  const newest = () => keys.findLast(({ isRetired }) => !isRetired);
  const store: DataKeyStore = {
    get: async (_orgId, kid) => (kid === undefined ? newest() : keys.find((key) => key.kid === kid)),
    insert: async (key) => (keys.push({ ...key, atMs: nowMs, isRetired: false }), key),
  };
  const boxOf = (opensRetired: boolean) => createSecretBox({ keyService, dataKeys: store, opensRetired, now: () => nowMs });
  const rows: Pick<KeyRows, 'list' | 'add' | 'retire'> = {
    list: async () => keys.toReversed().map(({ kid, atMs, isRetired }) => ({ kid, kek: 'k', ageMs: nowMs - atMs, isRetired })),
    add: async (orgId, row, after) => {
      if (newest()?.kid !== after) return false;
      keys.push({ orgId, ...row, atMs: nowMs, isRetired: false });
      return true;
    },
    retire: async () => {
      const before = keys.filter((key) => key !== newest() && !key.isRetired);
      for (const key of before) key.isRetired = true;
      return before.map(({ kid }) => kid);
    },
  };
  const column: SealedColumn = {
    name: 'texts',
    placeOf,
    page: async (_orgId, after, limit) =>
      [...texts].flatMap(([object, sealed]) => (object > after ? [{ object, sealed }] : [])).slice(0, limit),
    replace: async (_orgId, changes) => {
      for (const { object, after } of changes) texts.set(object, after);
      return changes.length;
    },
  };
  const keep = async (object: string, box = boxOf(false)) => texts.set(object, await box.seal(placeOf(ORG, object), object));
  const box = boxOf(false);
  for (let n = 100; n < 550; n += 1) await keep(`${n}`, box);
  const deps: RotateDeps = { rows, keyService, columns: [column], secretBox: boxOf(true) };
  const rotate = (onPause: (nowMs: number) => Promise<unknown> = async () => undefined) =>
    rotateOrgKey({ ...deps, pause: async (ms) => ((nowMs += ms), onPause(nowMs)) }, ORG);
  return { keys, texts, box, rotate, rows, keep, kids: () => new Set([...texts.values()].map(kidOf)) };
}

test('every text has the new key in the end, and the one before is retired no sooner than nobody can use it', async () => {
  const { rotate, kids, keys } = await setUp();
  const retiredAt: number[] = [];
  const done = await rotate(async (nowMs) => keys[0]?.isRetired && retiredAt.push(nowMs));
  expect(done).toMatchObject({ isResumed: false, resealed: { texts: 450 }, retired: [keys[0]?.kid], unreadable: [] });
  expect([...kids()]).toEqual([done.key]);
  expect(Math.min(...retiredAt)).toBeGreaterThanOrEqual(25_000);
});

test('what a copy seals with the key before, until it hears of the new one, is sealed anew too', async () => {
  const { rotate, kids, keep, box } = await setUp();
  const done = await rotate(async (nowMs) => nowMs <= 5_000 && keep('late', box));
  expect([...kids()]).toEqual([done.key]);
});

test('one that was broken off is gone on with, under the same key', async () => {
  const { rotate, kids } = await setUp();
  const broken = new Error('SIGKILL');
  await expect(rotate(() => Promise.reject(broken))).rejects.toThrow(broken);
  const [begun] = kids();
  expect(await rotate()).toMatchObject({ isResumed: true, key: begun });
});

test('while a text does not open, no key is retired, and it is named', async () => {
  const { rotate, texts, keys } = await setUp();
  texts.set('300', texts.get('301') ?? '');
  expect(await rotate()).toMatchObject({ retired: [], unreadable: [{ column: 'texts', object: '300' }] });
  expect(keys.some(({ isRetired }) => isRetired)).toBe(false);
});

test('stops where the keys are rotated once more, or destroyed', async () => {
  const { rotate, keys, rows } = await setUp();
  const again = { kid: 'k3', wrapped: await keyService.wrap({ orgId: ORG, kid: 'k3' }, randomBytes(32)) };
  await expect(rotate(() => rows.add(ORG, again, keys[1]?.kid ?? ''))).rejects.toMatchObject({ code: 'conflict' });
  await expect(rotate(async () => (keys.length = 0))).rejects.toMatchObject({ code: 'conflict' });
  await expect(rotate()).rejects.toMatchObject({ code: 'not_found' });
});
