import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCoreDataKeyStore } from '../../api/identity/data-key-store.ts';
import { createDataKeyStore } from '../../connecthub/tokens/data-key-store.ts';
import { createCoreDatabase, createHubDatabase, type CoreDatabase, type HubDatabase } from '../../db/client.ts';
import { startKms, type KmsServer } from '../../dev/kms/server.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import { nodeScript } from '../../dev/processes/node-script.ts';
import { createKeyService } from '../../platform/secrets/key-service.ts';
import { createSecretBox, type SecretBox } from '../../platform/secrets/secret-box.ts';
import { testDatabase, testOrgId, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let core: CoreDatabase;
let hub: HubDatabase;
let kms: KmsServer;
beforeAll(async () => {
  database = await testDatabase();
  kms = await startKms();
  const options = { orgContextKey: database.orgContextKey, logger: { warn: () => undefined } };
  core = createCoreDatabase({ ...options, url: database.coreUrl });
  hub = createHubDatabase({ ...options, url: database.hubUrl });
});
afterAll(async () => {
  await Promise.all([core.close(), hub.close(), kms.close()]);
  await database.drop();
});

const kek = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;
const place = (orgId: string) => ({ purpose: 'test', orgId, object: 'one', field: 'secret' });

/** A process that has just started with these key encryption keys. */
function boxOf(owner: 'core' | 'hub', keys: string): SecretBox {
  const dataKeys = owner === 'core' ? createCoreDataKeyStore(core) : createDataKeyStore(hub);
  return createSecretBox({ keyService: createKeyService(keys, { endpoint: kms.url }), dataKeys });
}

/** As operators type it. */
async function keysCommand(owner: 'core' | 'hub', keys: string, ...flags: string[]): Promise<{ code: unknown; said: string }> {
  const { command, args } = nodeScript(new URL('../../bin/clancy.ts', import.meta.url));
  const env = {
    DATABASE_URL: owner === 'core' ? database.coreUrl : database.hubUrl,
    ORG_CONTEXT_KEY: database.orgContextKey.toString('base64'),
    KEY_ENCRYPTION_KEY: keys,
    KMS_ENDPOINT: kms.url,
  };
  return promisify(execFile)(command, [...args, 'keys', ...flags], { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: unknown; stdout: string; stderr: string }) => ({ code: error.code, said: error.stdout + error.stderr }),
  );
}

const read = async (owner: 'core' | 'hub', keys: string, ...flags: string[]) => {
  const { code, said } = await keysCommand(owner, keys, ...flags, '--json');
  return { code, ...JSON.parse(said) };
};

test.each([
  ['core', 'Agent-Core', kek('next')],
  ['hub', 'ConnectHub', undefined],
] as const)(
  'the old key encryption key of %s can be dropped after it was rotated, and not before',
  async (owner, service, local) => {
    const old = kek('old');
    // ConnectHub moves to AWS KMS.
    const next = local ?? `next:${kms.createKey()}`;
    const orgs = [testOrgId(), testOrgId(), testOrgId()];
    const sealed = await Promise.all(orgs.map(async (orgId) => boxOf(owner, old).seal(place(orgId), `secret of ${orgId}`)));

    const both = `${next},${old}`;
    const before = { kek: 'old', keys: 3, isConfigured: true, wraps: false };
    expect(await read(owner, both, 'status')).toEqual({ code: 0, service, keks: [before] });
    await expect(boxOf(owner, next).open(place(orgs[1]!), sealed[1]!)).rejects.toThrow('cannot be opened');
    const after = { kek: 'next', keys: 3, isConfigured: true, wraps: true };
    expect(await read(owner, both, 'rotate')).toEqual({ code: 0, service, rewrapped: 3, unreadable: [], keks: [after] });
    for (const [index, orgId] of orgs.entries()) {
      expect(await boxOf(owner, next).open(place(orgId), sealed[index]!)).toBe(`secret of ${orgId}`);
    }
    expect((await keysCommand(owner, both, 'rotate')).said).toMatch(/^0 data keys were wrapped anew\n\nKEY +DATA KEYS/);
    const audited = `select distinct action, actor_id from ${owner}.audit where action = 'data_key.rewrap'`;
    const rows = await withClient(database.ownerUrl, (client) => client.query(audited));
    expect(rows.rows).toEqual([{ action: 'data_key.rewrap', actor_id: 'clancy-keys' }]);
    // Again without the old one, for the next owner of this name.
    await withClient(database.ownerUrl, (client) => client.query(`delete from ${owner}.data_keys`));
  },
);

test('names the keys that nothing opens, wraps the others, and ends with 1', async () => {
  const [lost, old, next] = [kek('lost'), kek('old'), kek('next')];
  const [gone, kept] = [testOrgId(), testOrgId()];
  await boxOf('core', lost).seal(place(gone), 'x');
  const sealed = await boxOf('core', old).seal(place(kept), 'kept');
  const { code, said } = await keysCommand('core', `${next},${old}`, 'rotate');
  expect(said).toMatch(/^1 data keys were wrapped anew\n/);
  expect(said).toMatch(/lost +1 +MISSING in KEY_ENCRYPTION_KEY\nnext +1 +in use\n/);
  expect(said).toContain(`${gone}: no key of KEY_ENCRYPTION_KEY opens `);
  expect(code).toBe(1);
  expect(await boxOf('core', next).open(place(kept), sealed)).toBe('kept');
});

test('says when the key service does not answer, and goes on where it stopped', async () => {
  const old = kek('was');
  const orgId = testOrgId();
  await boxOf('hub', old).seal(place(orgId), 'x');
  const arn = kms.createKey();
  kms.disable(arn);
  const moving = `cloud:${arn},${old}`;
  expect(await keysCommand('hub', moving, 'rotate')).toEqual({
    code: 4,
    said: expect.stringContaining('The key service gives no key right now.\n'),
  });
  kms.disable(arn, false);
  expect(await read('hub', moving, 'rotate')).toMatchObject({ code: 0, rewrapped: 1 });
});

test('makes no key for an organisation that has none: its name was mistyped', async () => {
  const { code, said } = await keysCommand('core', kek('any'), 'rotate', '--org', 'org_mistyped');
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('org_mistyped has no data key') });
});

test('destroys keys only where the organisation is named twice', async () => {
  const keys = kek('k');
  const orgId = testOrgId();
  const sealed = await boxOf('hub', keys).seal(place(orgId), 'x');
  const half = await keysCommand('hub', keys, 'shred', '--org', orgId, '--confirm', 'org_other');
  expect(half).toEqual({ code: 2, said: expect.stringContaining('nothing was destroyed') });
  expect(await boxOf('hub', keys).open(place(orgId), sealed)).toBe('x');
  expect(await keysCommand('hub', keys, 'shred', '--org', orgId)).toMatchObject({ code: 2 });
});

test.each([
  ['a role that has no keys', { DATABASE_URL: 'postgres://postgres@127.0.0.1/x' }],
  ['a key that is none', { KEY_ENCRYPTION_KEY: 'secret-text' }],
])('refuses %s without showing it', async (_what, change) => {
  const { command, args } = nodeScript(new URL('../../bin/clancy.ts', import.meta.url));
  const good = {
    DATABASE_URL: database.hubUrl,
    ORG_CONTEXT_KEY: database.orgContextKey.toString('base64'),
    KEY_ENCRYPTION_KEY: kek('k'),
  };
  const exit = promisify(execFile)(command, [...args, 'keys', 'status'], { env: { ...good, ...change } });
  const error = (await exit.catch((reason: unknown) => reason)) as { code: number; stderr: string };
  expect(error).toMatchObject({ code: 2, stderr: expect.stringContaining(Object.keys(change)[0]!) });
  expect(error.stderr).not.toContain('secret-text');
});
