import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditSealHash, NO_SEAL, type AuditSeal } from '../../contracts/audit.ts';
import { CORE_AUDIT } from '../../db/audit/logs.ts';
import { sealAudit } from '../../db/audit/seal-audit.ts';
import { createOrgContextSigner } from '../../platform/auth/org-context.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';

const MINUTE_MS = 60_000;

let core: TestCore;
let owner: TestPerson;

beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
  await hire(core.copy.url, owner);
});
afterAll(() => core.stop());

const list = async (query = '', who = owner) => (await call(core.copy.url, who, `/v1/audit${query}`)).json;
const actionsOf = (page: { items: { action: string }[] }) => page.items.map(({ action }) => action);
const seal = () =>
  sealAudit({ db: core.copy.core.http.db, log: CORE_AUDIT, logger: { info: () => undefined, warn: () => undefined } });

/** Entries as they were written so many minutes ago. */
async function writeEntries(orgId: string, minutesAgo: number[]): Promise<void> {
  for (const minutes of minutesAgo) {
    await asOwner(
      core.database.ownerUrl,
      `insert into core.audit (org_id, audit_id, at, actor_type, actor_id, action, object_type, object_id, source, allowed, details)
       values ($1, $2, $3, 'person', 'user_1', 'test.write', 'test', 't', '192.0.2.1', true, '{"b": 1, "a": "ü"}')`,
      [orgId, randomUUID(), new Date(Date.now() - minutes * MINUTE_MS)],
    );
  }
}

test('who did what is listed, page by page, and found by who, what, which and whether it was allowed', async () => {
  const all = await list('?order=asc');
  expect(actionsOf(all)).toEqual(expect.arrayContaining(['employee.create', 'grant.create', 'employee.activate']));
  const activated = all.items.find(({ action }: { action: string }) => action === 'employee.activate');
  expect(activated).toMatchObject({ actor_type: 'person', actor_id: owner.userId, object_type: 'employee', allowed: true });
  const first = await list('?limit=2');
  const rest = await list(`?limit=100&cursor=${first.next_cursor}`);
  expect([...first.items, ...rest.items]).toEqual(all.items.toReversed());
  expect(actionsOf(await list('?action=employee.*&order=asc'))).toEqual(['employee.create', 'employee.activate']);
  expect(actionsOf(await list(`?object_type=employee&object_id=${activated.object_id}&action=employee.activate`))).toHaveLength(
    1,
  );
  expect((await list(`?actor_id=nobody`)).items).toEqual([]);
  expect((await list(`?until=${new Date(Date.now() - MINUTE_MS).toISOString()}`)).items).toEqual([]);
  expect((await list("?action=' or 1=1")).code).toBe('invalid_request');
  expect((await list('', await core.person('owner'))).items).not.toContainEqual(activated);
});

test('owners, admins, operators and auditors read it; a refusal stands in it', async () => {
  for (const role of ['owner', 'admin', 'operator', 'auditor'] as const) {
    expect((await list('', await core.person(role, owner.orgId))).items.length).toBeGreaterThan(0);
  }
  const viewer = await core.person('viewer', owner.orgId);
  expect((await call(core.copy.url, viewer, '/v1/audit')).status).toBe(403);
  const refused = await list('?allowed=false');
  expect(refused.items).toMatchObject([{ action: 'request.refuse', actor_id: viewer.userId, object_id: 'GET /v1/audit' }]);
});

test('entries that are complete are sealed in a chain, by whichever copy, and anybody can compute it anew', async () => {
  const person = await core.person('auditor');
  await writeEntries(person.orgId, [60, 50, 50, 40]);
  await Promise.all(Array.from({ length: 4 }, seal));
  await writeEntries(person.orgId, [20, 10]);
  await seal();
  const seals: AuditSeal[] = (await call(core.copy.url, person, '/v1/audit/seals')).json.items;
  expect(seals.map(({ block, rows }) => [block, rows])).toEqual([
    [1, 4],
    [2, 2],
  ]);
  expect(seals.map(({ previous }) => previous)).toEqual([NO_SEAL, seals[0]?.hash]);
  for (const one of seals) {
    const since = one.from_at === null ? '' : `&since=${new Date(Date.parse(one.from_at) + 1).toISOString()}`;
    const { items } = await list(`?order=asc&limit=100&until=${one.to_at}${since}`, person);
    expect(auditSealHash(one, items)).toBe(one.hash);
    const [changed, ...others] = items;
    expect(auditSealHash(one, [{ ...changed, allowed: false }, ...others])).not.toBe(one.hash);
    expect(auditSealHash(one, others)).not.toBe(one.hash);
  }
  expect((await call(core.copy.url, person, '/v1/audit/seals?after=1')).json.items).toEqual(seals.slice(1));
});

test('what may still be added to is not sealed, and nothing can be added to what is', async () => {
  const person = await core.person('auditor');
  await writeEntries(person.orgId, [4, 1]);
  await seal();
  expect((await call(core.copy.url, person, '/v1/audit/seals')).json.items).toEqual([]);
  const raw = new Client({ connectionString: core.database.coreUrl });
  await raw.connect();
  const run = async (text: string, values: unknown[]) => {
    await raw.query('begin');
    await raw.query(`select set_config('app.org', $1, true)`, [
      createOrgContextSigner(core.database.orgContextKey)(person.orgId),
    ]);
    try {
      return await raw.query(text, values);
    } finally {
      await raw.query('rollback');
    }
  };
  try {
    const insert = `insert into core.audit (org_id, at, actor_type, actor_id, action, object_type, object_id, source, allowed)
      values ($1, $2, 'person', 'x', 'x.x', 'x', 'x', 'x', true)`;
    await expect(run(insert, [person.orgId, new Date(Date.now() - 3 * MINUTE_MS)])).rejects.toMatchObject({ code: 'CL002' });
    await expect(run(insert, [person.orgId, new Date(Date.now() + MINUTE_MS)])).rejects.toMatchObject({ code: 'CL002' });
    await run(insert, [person.orgId, new Date()]);
    await expect(
      run(`insert into core.audit_seals (org_id, block, to_at, rows, previous, hash) values ($1, 1, now(), 0, '', '')`, [
        person.orgId,
      ]),
    ).rejects.toMatchObject({ code: '42501' });
    const forged = await run(`select core.seal_audit(2, null, now() - interval '1 hour', 0, $1, 'x') as done`, [NO_SEAL]);
    expect(forged.rows).toEqual([{ done: false }]);
  } finally {
    await raw.end();
  }
});
