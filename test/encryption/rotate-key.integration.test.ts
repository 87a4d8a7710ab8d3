import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCoreDatabase, createHubDatabase, type CoreDatabase, type HubDatabase } from '../../db/client.ts';
import { createCoreDataKeyStore } from '../../api/identity/data-key-store.ts';
import { createDataKeyStore } from '../../connecthub/tokens/data-key-store.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import { nodeScript } from '../../dev/processes/node-script.ts';
import { createKeyService } from '../../platform/secrets/key-service.ts';
import { createSecretBox, type SecretBox } from '../../platform/secrets/secret-box.ts';
import { testDatabase, testOrgId, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let core: CoreDatabase;
let hub: HubDatabase;
beforeAll(async () => {
  database = await testDatabase();
  const options = { orgContextKey: database.orgContextKey, logger: { warn: () => undefined } };
  core = createCoreDatabase({ ...options, url: database.coreUrl });
  hub = createHubDatabase({ ...options, url: database.hubUrl });
});
afterAll(async () => {
  await Promise.all([core.close(), hub.close()]);
  await database.drop();
});

const kek = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;
const place = (orgId: string) => ({ purpose: 'test', orgId, object: 'one', field: 'secret' });

/** A process that has just started with these key encryption keys. */
function boxOf(owner: 'core' | 'hub', keys: string): SecretBox {
  const dataKeys = owner === 'core' ? createCoreDataKeyStore(core) : createDataKeyStore(hub);
  return createSecretBox({ keyService: createKeyService(keys), dataKeys });
}

/** As operators type it. */
async function rotate(owner: 'core' | 'hub', keys: string, ...flags: string[]): Promise<{ code: unknown; said: string }> {
  const { command, args } = nodeScript(new URL('../../bin/rotate-key.ts', import.meta.url));
  const env = {
    DATABASE_URL: owner === 'core' ? database.coreUrl : database.hubUrl,
    ORG_CONTEXT_KEY: database.orgContextKey.toString('base64'),
    KEY_ENCRYPTION_KEY: keys,
  };
  return promisify(execFile)(command, [...args, ...flags], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code: unknown; stdout: string; stderr: string }) => ({ code: error.code, said: error.stdout + error.stderr }),
  );
}

test.each([
  ['core', 'Agent-Core'],
  ['hub', 'ConnectHub'],
] as const)('the old key encryption key of %s can be dropped after a rewrap, and not before', async (owner, name) => {
  const [old, next] = [kek('old'), kek('next')];
  const orgs = [testOrgId(), testOrgId(), testOrgId()];
  const sealed = await Promise.all(orgs.map(async (orgId) => boxOf(owner, old).seal(place(orgId), `secret of ${orgId}`)));
  const rotated = await rotate(owner, old, '--org', orgs[0]!);
  expect(rotated).toEqual({ code: 0, said: expect.stringMatching(`^${orgs[0]} has the new data key \\S+ at ${name}\n$`) });

  expect(await rotate(owner, `${next},${old}`, '--status')).toEqual({ code: 0, said: `old  4 data keys of ${name}\n` });
  await expect(boxOf(owner, next).open(place(orgs[1]!), sealed[1]!)).rejects.toThrow('cannot be opened');
  expect(await rotate(owner, `${next},${old}`, '--rewrap')).toEqual({
    code: 0,
    said: `4 data keys of ${name} were wrapped with next\nnext  4 data keys of ${name}  (in use)\n`,
  });
  for (const [index, orgId] of orgs.entries()) {
    expect(await boxOf(owner, next).open(place(orgId), sealed[index]!)).toBe(`secret of ${orgId}`);
  }
  expect((await rotate(owner, `${next},${old}`, '--rewrap')).said).toMatch(/^0 data keys/);
  const audited = `select distinct action, actor_id from ${owner}.audit where action = 'data_key.rewrap'`;
  const rows = await withClient(database.ownerUrl, (client) => client.query(audited));
  expect(rows.rows).toEqual([{ action: 'data_key.rewrap', actor_id: 'rotate-key' }]);
  // Again without the old one, for the next owner of this name.
  await withClient(database.ownerUrl, (client) => client.query(`delete from ${owner}.data_keys`));
});

test('names the keys that nothing opens, wraps the others, and ends with 1', async () => {
  const [lost, old, next] = [kek('lost'), kek('old'), kek('next')];
  const [gone, kept] = [testOrgId(), testOrgId()];
  await boxOf('core', lost).seal(place(gone), 'x');
  const sealed = await boxOf('core', old).seal(place(kept), 'kept');
  const { code, said } = await rotate('core', `${next},${old}`, '--rewrap');
  expect(said).toContain(`1 data keys of Agent-Core were wrapped with next\n${gone}: no key of KEY_ENCRYPTION_KEY opens `);
  expect(said).toContain('lost  1 data keys of Agent-Core\nnext  1 data keys of Agent-Core  (in use)\n');
  expect(code).toBe(1);
  expect(await boxOf('core', next).open(place(kept), sealed)).toBe('kept');
});

test('makes no key for an organisation that has none: its name was mistyped', async () => {
  const { code, said } = await rotate('core', kek('any'), '--org', 'org_mistyped');
  expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('org_mistyped has no data key') });
});

test.each([
  ['nothing that it can do', [], 'give one of --org, --rewrap and --status'],
  ['two things', ['--org', 'org_a', '--rewrap'], 'give one of'],
])('refuses %s', async (_what, flags, words) => {
  expect(await rotate('core', kek('any'), ...flags)).toEqual({ code: 2, said: expect.stringContaining(words) });
});
