import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startKms, type Fault, type KmsServer } from '../../dev/kms/server.ts';
import { createKeyService, type KeyService } from './key-service.ts';
import { createKeyWatch } from './key-watch.ts';
import { createSecretBox } from './secret-box.ts';
import type { StoredDataKey } from './data-keys.ts';
import { SealedTextError } from './sealed.ts';

let kms: KmsServer;
let arn: string;
let service: KeyService;
beforeEach(async () => {
  kms = await startKms();
  arn = kms.createKey();
  service = createKeyService(`main:${arn}`, { endpoint: kms.url });
});
afterEach(() => kms.close());

const name = { orgId: 'org_a', kid: 'k1' };
const key = randomBytes(32);

test('wraps with the key whose short name stands in the wrapped text, and unwraps it again', async () => {
  const wrapped = await service.wrap(name, key);
  expect(wrapped).toMatch(/^kms\.main\.[\w-]+$/);
  expect(await service.unwrap(name, wrapped)).toEqual(key);
  const context = { purpose: 'clancy-data-key', organisation: 'org_a', data_key: 'k1' };
  expect(kms.requests).toEqual([
    { operation: 'Encrypt', context },
    { operation: 'Decrypt', context },
  ]);
});

test.each([
  ['organisation', { orgId: 'org_b', kid: 'k1' }],
  ['data key', { orgId: 'org_a', kid: 'k2' }],
])('a wrapped key that was moved to another %s does not unwrap', async (_what, other) => {
  const wrapped = await service.wrap(name, key);
  await expect(service.unwrap(other, wrapped)).rejects.toThrow(SealedTextError);
});

test('what another key wrapped, or nobody, does not unwrap', async () => {
  const both = createKeyService(`next:${kms.createKey()},main:${arn}`, { endpoint: kms.url });
  const wrapped = await service.wrap(name, key);
  await expect(both.unwrap(name, wrapped.replace('.main.', '.next.'))).rejects.toThrow(SealedTextError);
  await expect(service.unwrap(name, 'kms.main.AAAA')).rejects.toThrow(SealedTextError);
  await expect(service.unwrap(name, 'v1.main.AAAA')).rejects.toThrow(SealedTextError);
  await expect(service.unwrap(name, wrapped.replace('.main.', '.lost.'))).rejects.toThrow(SealedTextError);
});

test('old keys go on unwrapping behind the comma, local ones too, so that one can move to KMS', async () => {
  const local = `local:${randomBytes(32).toString('base64')}`;
  const before = await createKeyService(local).wrap(name, key);
  const moving = createKeyService(`main:${arn},${local}`, { endpoint: kms.url });
  expect(await moving.unwrap(name, before)).toEqual(key);
  expect(await moving.wrap(name, key)).toMatch(/^kms\.main\./);
});

test.each<[string, Fault]>([
  ['a connection that is closed', 'away'],
  ['too many requests', 'throttles'],
  ['a failure inside', 'fails'],
])('a moment of %s passes unnoticed', async (_what, fault) => {
  const wrapped = await service.wrap(name, key);
  kms.next(fault);
  expect(await service.unwrap(name, wrapped)).toEqual(key);
});

test('a request without an answer is given up and made again', async () => {
  const wrapped = await service.wrap(name, key);
  kms.next('hangs');
  expect(await service.unwrap(name, wrapped)).toEqual(key);
});

test('a key that is disabled, or a service that is away, is named so, without a word of what was sent', async () => {
  const wrapped = await service.wrap(name, key);
  kms.disable(arn);
  const error = await service.unwrap(name, wrapped).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'key_service_unavailable', cause: { message: 'AWS KMS: DisabledException' } });
  await kms.close();
  await expect(service.wrap(name, key)).rejects.toMatchObject({ code: 'key_service_unavailable' });
  const shown = JSON.stringify(error) + String(error instanceof Error && error.stack);
  expect(shown).not.toContain(key.toString('base64'));
  expect(shown).not.toContain(arn);
});

/** A table with one data key of org_a. */
async function storeWithKey() {
  const rows: StoredDataKey[] = [{ orgId: 'org_a', kid: 'k1', wrapped: await service.wrap(name, key) }];
  return {
    rows,
    get: async (orgId: string, kid?: string) => rows.findLast((row) => row.orgId === orgId && (kid ?? row.kid) === row.kid),
    insert: async () => Promise.reject(new Error('has one')),
  };
}
const place = { purpose: 'test', orgId: 'org_a', object: 'one', field: 'secret' };

test('what is at hand serves on while the service is away, for an hour; a newer key waits until it is back', async () => {
  let nowMs = 0;
  const dataKeys = await storeWithKey();
  const box = createSecretBox({ keyService: service, dataKeys, now: () => nowMs });
  const sealed = await box.seal(place, 'xoxb-1');
  dataKeys.rows.push({ orgId: 'org_a', kid: 'k2', wrapped: await service.wrap({ orgId: 'org_a', kid: 'k2' }, key) });
  kms.disable(arn);
  nowMs = 3_599_000;
  expect(await box.open(place, sealed)).toBe('xoxb-1');
  expect(await box.seal(place, 'xoxb-2')).toContain('v1.k1.');
  nowMs = 3_600_001;
  await expect(box.open(place, sealed)).rejects.toMatchObject({ code: 'key_service_unavailable' });
  kms.disable(arn, false);
  nowMs = 3_605_001;
  expect(await box.seal(place, 'xoxb-2')).toContain('v1.k2.');
});

test('fifty who need a key at once ask for it once', async () => {
  const dataKeys = await storeWithKey();
  const box = createSecretBox({ keyService: service, dataKeys });
  await Promise.all(Array.from({ length: 50 }, () => box.seal(place, 'x')));
  expect(kms.requests.filter(({ operation }) => operation === 'Decrypt')).toHaveLength(1);
});

test('health names a service that is away, and keys that the configuration lacks', async () => {
  let nowMs = 0;
  let kek = 'main';
  const jobs = { keysByKek: async () => [{ kek, keys: 1 }] };
  const state = createKeyWatch({ keyService: service, jobs, now: () => nowMs });
  expect(await state()).toBe('ok');
  kms.disable(arn);
  expect(await state()).toBe('ok');
  nowMs = 10_001;
  expect(await state()).toBe('away');
  kek = 'lost';
  nowMs = 20_002;
  expect(await state()).toBe('keys_missing');
});

test.each(['main:arn:aws:kms:eu-central-1:111122223333:alias/clancy', 'main:arn:aws:s3:::bucket', 'main:'])(
  'the configuration %s is refused',
  (text) => expect(() => createKeyService(text)).toThrow(/^a key encryption key is written/),
);
