import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONSOLIDATE_MEMORY } from '../../contracts/system-workflows.ts';
import type { OrgTx } from '../../db/client.ts';
import { createSystemSchedules } from '../temporal/system-schedules.ts';
import { systemScope } from '../http/scope.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { startTestTemporal, type TestTemporal } from '../testing/temporal.ts';
import { testOrgId } from '../../test/database.ts';
import { until } from '../testing/until.ts';
import { consolidate, type Consolidated } from './consolidate.ts';
import { ensureIndex } from './index-key.ts';
import { writeMemory, type NewMemory } from './write.ts';

let temporal: TestTemporal;
let core: TestCore;
beforeAll(async () => {
  temporal = await startTestTemporal();
  core = await startTestCore({ temporalAddress: temporal.server.address });
});
afterAll(async () => {
  await core?.stop();
  await temporal?.stop();
});

const EMPLOYEE = '0123456789abcdefghjkmnpqrs';
const everybody = { scope: 'organisation', owner: '', skill: '' } as const;
const employee = { scope: 'employee', owner: EMPLOYEE, skill: '' } as const;
const skill = { scope: 'skill', owner: EMPLOYEE, skill: 'chase' } as const;
const rowsOf = (query: string, ...values: unknown[]) => asOwner(core.database.ownerUrl, query, values);
const keys = async (orgId: string) =>
  (await rowsOf('select scope from core.memory_entries where org_id = $1 order by scope, memory_id', orgId)).map(
    ({ scope }) => scope,
  );

/** What runs taught an organisation, in this order. */
async function taught(orgId: string, memories: Partial<NewMemory>[], writer: 'run' | 'person' = 'run'): Promise<void> {
  const { db, secrets } = core.copy.core.http;
  await db.withOrg(systemScope(orgId, 'test'), async (tx: OrgTx) => {
    const writing = { index: await ensureIndex(secrets, tx), seal: await secrets.sealerOf(orgId), now: new Date() };
    for (const one of memories) {
      const memory: NewMemory = {
        ...everybody,
        kind: 'fact',
        key: 'terms',
        value: '30 days',
        confidence: 0.6,
        expiresAt: null,
        ...one,
      };
      await writeMemory(tx, writing, memory, { writer, by: 'run' });
    }
    tx.audit({ action: 'test', objectType: 'memory', objectId: orgId, allowed: true });
  });
}

async function tidy(orgId: string, now = new Date()): Promise<Consolidated> {
  let told: Consolidated | undefined;
  await consolidate(
    core.copy.core.http.db,
    orgId,
    now,
    () => false,
    (done) => (told = done),
  );
  if (!told) throw new Error('not done');
  return told;
}

test('what is over, and what is known more widely, goes with all that it was found by; a second time nothing is left to do', async () => {
  const orgId = testOrgId();
  await taught(orgId, [
    everybody,
    { ...employee, confidence: 0.9 },
    skill,
    { ...skill, key: 'other', value: 1 },
    { ...employee, key: 'other', value: 2 },
    { ...employee, key: 'cursor', kind: 'state' },
    { ...everybody, key: 'cursor', kind: 'state' },
    { ...everybody, key: 'past', expiresAt: new Date(Date.now() - 1_000) },
  ]);
  await taught(orgId, [{ ...employee, key: 'said', value: 'so' }], 'person');
  await taught(orgId, [{ ...everybody, key: 'said', value: 'so' }]);
  expect(await tidy(orgId)).toEqual({ expired: 1, lost: 0, merged: 2, faded: 0 });
  expect(await keys(orgId)).toEqual([
    'employee',
    'employee',
    'employee',
    'organisation',
    'organisation',
    'organisation',
    'skill',
  ]);
  const [{ confidence }] = (await rowsOf(
    `select confidence from core.memory_entries where org_id = $1 and owner = '' order by memory_id limit 1`,
    orgId,
  )) as [{ confidence: number }];
  expect(confidence).toBe(0.9);
  for (const table of ['memory_versions', 'memory_stems']) {
    const left = `select 1 from core.${table} t where org_id = $1 and not exists (
      select from core.memory_entries e where e.org_id = t.org_id and e.memory_id = t.memory_id)`;
    expect(await rowsOf(left, orgId)).toEqual([]);
  }
  const audits = (await core.audit(orgId, 'memory.consolidate')).length;
  expect(await tidy(orgId)).toEqual({ expired: 0, lost: 0, merged: 0, faded: 0 });
  expect(await core.audit(orgId, 'memory.consolidate')).toHaveLength(audits);
});

test('what no run was given for long gets less and less sure, once a month; a person’s word does not', async () => {
  const orgId = testOrgId();
  await taught(orgId, [everybody, { ...everybody, key: 'used' }, { ...skill, key: 'cursor', kind: 'state' }]);
  await taught(orgId, [{ ...everybody, key: 'said' }], 'person');
  await rowsOf(
    `update core.memory_entries set created_at = '2026-01-01', updated_at = '2026-01-01', confirmed_at = '2026-01-01' where org_id = $1`,
    orgId,
  );
  await rowsOf(
    `update core.memory_entries set used_at = now() where memory_id = (select memory_id from core.memory_entries where org_id = $1 order by memory_id limit 1)`,
    orgId,
  );
  expect(await tidy(orgId)).toMatchObject({ faded: 1 });
  expect(await tidy(orgId)).toMatchObject({ faded: 0 });
  const inAMonth = new Date(Date.now() + 31 * 86_400_000);
  expect(await tidy(orgId, inAMonth)).toMatchObject({ faded: 1 });
  const confidences = await rowsOf(
    'select round(confidence::numeric, 3)::float8 as c from core.memory_entries where org_id = $1 order by memory_id',
    orgId,
  );
  expect(confidences.map(({ c }) => c)).toEqual([0.6, 0.384, 0.6, 0.6]);
});

test('entries of an index that was destroyed go', async () => {
  const orgId = testOrgId();
  await taught(orgId, [everybody]);
  await rowsOf('delete from core.memory_keys where org_id = $1', orgId);
  await taught(orgId, [{ ...everybody, value: 'anew' }]);
  expect(await tidy(orgId)).toMatchObject({ lost: 1 });
  expect(await keys(orgId)).toEqual(['organisation']);
});

test('a schedule of the house does it for every organisation, and is made once by however many copies', async () => {
  const orgs = [testOrgId(), testOrgId()];
  for (const orgId of orgs) await taught(orgId, [everybody, employee]);
  const { client } = temporal;
  const logger = {
    warn: (about: object) => {
      throw new Error(JSON.stringify(about));
    },
  };
  await Promise.all([1, 2].map(() => createSystemSchedules({ client, logger }).run()));
  const handle = client.schedule.getHandle(CONSOLIDATE_MEMORY.id);
  await handle.pause('holidays');
  await createSystemSchedules({ client, logger }).run();
  expect((await handle.describe()).state).toMatchObject({ paused: true, note: 'holidays' });
  const workers = await temporal.startWorkers(core);
  try {
    await handle.trigger();
    await until('one entry each', async () => (await Promise.all(orgs.map(keys))).every((left) => left.length === 1));
    const started = await until('what it started', async () => (await handle.describe()).info.recentActions[0]?.action.workflow);
    await client.workflow.getHandle(started.workflowId, started.firstExecutionRunId).result();
  } finally {
    await workers.stop();
  }
});
