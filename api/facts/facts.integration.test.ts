import { Client } from 'pg';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { createCoreDatabase, type CoreDatabase, type OrgScope, type OrgTx } from '../../db/client.ts';
import { facts } from '../../db/schema/core/facts.ts';
import { createOrgContextSigner } from '../../platform/auth/org-context.ts';
import { testOrgId } from '../../test/database.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';
import { watchFacts } from '../testing/watch-facts.ts';
import { recordFact } from './record-fact.ts';

let core: TestCore;
let db: CoreDatabase;
let owner: TestPerson;

beforeAll(async () => {
  core = await startTestCore();
  const { coreUrl: url, orgContextKey } = core.database;
  db = createCoreDatabase({ url, orgContextKey, logger: { warn: () => undefined } });
  owner = await core.person('owner');
  await hire(core.copy.url, owner);
});
afterAll(async () => {
  await db.close();
  await core.stop();
});

const list = async (query = '', who = owner) => (await call(core.copy.url, who, `/v1/facts${query}`)).json;
const seqsOf = (page: { items: { seq: number }[] }) => page.items.map(({ seq }) => seq);
const scopeFor = (orgId: string): OrgScope => ({ orgId, actor: { type: 'system', id: 'test' }, source: 'test' });

const append = (orgId: string, capability: string, before?: (tx: OrgTx) => Promise<unknown>) =>
  db.withOrg(scopeFor(orgId), async (tx) => {
    await recordFact(tx, { kind: 'GrantRevoked', data: { capability } });
    tx.audit({ action: 'test.append', objectType: 'test', objectId: capability, allowed: true });
    await before?.(tx);
  });
const storedOf = (orgId: string) =>
  db.withOrgRead({ orgId }, (tx) => tx.db.select().from(facts).where(eq(facts.orgId, orgId)).orderBy(facts.seq));

test('what happened stands in the stream, in order and without gaps, each fact by the schema of its kind', async () => {
  const page = await list();
  expect(seqsOf(page)).toEqual(page.items.map((_: unknown, index: number) => index + 1));
  expect(page.items.map(({ kind }: { kind: string }) => kind)).toEqual(['GraphDefined', 'EmployeeActivated']);
  expect(page.items[1]).toMatchObject({ schema_version: 1, run_id: null, data: { version: 1 } });
});

test('a page goes on where the last one ended, whichever way it is read, and filters keep to what they say', async () => {
  const { orgId } = owner;
  await Promise.all(['a/a.a', 'b/b.b', 'c/c.c', 'd/d.d'].map((name) => append(orgId, name)));
  const first = await list('?limit=4');
  const rest = await list(`?limit=4&cursor=${first.next_cursor}`);
  expect([...seqsOf(first), ...seqsOf(rest)]).toEqual([1, 2, 3, 4, 5, 6]);
  const newest = await list('?limit=4&order=desc');
  expect([...seqsOf(newest), ...seqsOf(await list(`?limit=4&order=desc&cursor=${newest.next_cursor}`))]).toEqual([
    6, 5, 4, 3, 2, 1,
  ]);
  expect(seqsOf(await list('?after=5'))).toEqual([6]);
  expect(seqsOf(await list('?kind=GraphDefined,GrantRevoked'))).toEqual([1, 3, 4, 5, 6]);
  const [{ employee_id: id }] = first.items;
  expect(seqsOf(await list(`?employee_id=${id}`))).toEqual([1, 2]);
  expect(seqsOf(await list(`?since=${new Date(Date.now() + 60_000).toISOString()}`))).toEqual([]);
  expect((await list('?kind=Nothing')).code).toBe('invalid_request');
  expect((await list(`?order=desc&cursor=${first.next_cursor}`)).code).toBe('invalid_request');
  expect(seqsOf(await list('', await core.person('owner')))).toEqual([]);
});

test('a fact that breaks its schema is not written, nor is anything else of its transaction', async () => {
  const orgId = testOrgId();
  const data: { capability: string } = JSON.parse('{"capability":"x","more":1}');
  const writing = db.withOrg(scopeFor(orgId), (tx) => recordFact(tx, { kind: 'GrantRevoked', data }));
  await expect(writing).rejects.toThrow(/GrantRevoked that breaks its schema/);
  expect(await storedOf(orgId)).toEqual([]);
});

test('the fact of a slow transaction is numbered when it comes to stand: no reader passes over it', async () => {
  const orgId = testOrgId();
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const slow = append(orgId, 'slow/slow.one', () => held);
  await append(orgId, 'quick/quick.one');
  const read = await storedOf(orgId);
  expect(read.map(({ seq }) => seq)).toEqual([1]);
  go();
  await slow;
  expect((await storedOf(orgId)).map(({ seq, data }) => [seq, data['capability']])).toEqual([
    [1, 'quick/quick.one'],
    [2, 'slow/slow.one'],
  ]);
});

test('who has appended and not committed yet is waited for, by its own organisation alone', async () => {
  const orgId = testOrgId();
  const raw = new Client({ connectionString: core.database.coreUrl });
  await raw.connect();
  try {
    await raw.query('begin');
    await raw.query(`select set_config('app.org', $1, true)`, [createOrgContextSigner(core.database.orgContextKey)(orgId)]);
    await raw.query(`insert into core.facts (org_id, kind, data) values ($1, 'GrantRevoked', '{}')`, [orgId]);
    await raw.query(
      `insert into core.audit (org_id, actor_type, actor_id, action, object_type, object_id, source, allowed)
       values ($1, 'system', 't', 't.t', 't', 't', 't', true)`,
      [orgId],
    );
    let isDone = false;
    const second = append(orgId, 'second/second.one').then(() => (isDone = true));
    const waiting = `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    await waitUntil(async () => (await raw.query<{ n: number }>(waiting)).rows[0]?.n === 1, {
      timeoutMs: 10_000,
      what: 'the second to wait',
    });
    await append(testOrgId(), 'other/other.one');
    expect([isDone, await storedOf(orgId)]).toEqual([false, []]);
    await raw.query('commit');
    await second;
  } finally {
    await raw.end();
  }
  expect((await storedOf(orgId)).map(({ seq }) => seq)).toEqual([1, 2]);
});

test('many writers at once leave no gap, and a reader that follows them meets each once and in order', async () => {
  const person = await core.person('owner');
  const total = 60;
  const watching = watchFacts(core.copy.url, person, { after: 0, max: total });
  await Promise.all(Array.from({ length: total }, (_, index) => append(person.orgId, `p/p.x${index}`)));
  expect((await watching).map(({ id }) => Number(id))).toEqual(Array.from({ length: total }, (_, index) => index + 1));
});

test('a stream resumes behind Last-Event-ID on another copy, filtered, and begins with the present otherwise', async () => {
  const person = await core.person('owner');
  const other = await core.addCopy();
  await append(person.orgId, 'one/one.one');
  await append(person.orgId, 'two/two.two');
  const resumed = await watchFacts(other.url, person, { lastEventId: '1', max: 1 });
  expect(JSON.parse(resumed[0]?.data ?? '')).toMatchObject({ seq: 2, kind: 'GrantRevoked', data: { capability: 'two/two.two' } });
  expect(resumed[0]?.event).toBe('fact');
  let onOpen = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (onOpen = resolve));
  const now = watchFacts(core.copy.url, person, { kind: 'GrantRevoked', max: 1, onOpen });
  await isOpen;
  await append(person.orgId, 'three/three.three');
  expect((await now).map(({ id }) => id)).toEqual(['3']);
  expect((await call(core.copy.url, person, '/v1/facts/events', { headers: { 'last-event-id': 'x' } })).status).toBe(400);
});

test('only so many follow one organisation, and closing a copy ends the streams', async () => {
  const person = await core.person('owner');
  const copy = await core.addCopy();
  const leaving = new AbortController();
  const open = () =>
    fetch(new URL('/v1/facts/events', copy.url), {
      headers: { authorization: `Bearer ${person.token}` },
      signal: leaving.signal,
    });
  const streams = await Promise.all(Array.from({ length: 50 }, open));
  expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
  const [refused, others] = [await open(), await core.person('owner')];
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'dependency_unavailable']);
  const free = watchFacts(copy.url, others, { after: 0, max: 1 });
  await append(others.orgId, 'one/one.one');
  await free;
  await copy.stop();
  await Promise.all(streams.map((stream) => stream.text()));
});
