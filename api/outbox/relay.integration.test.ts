import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ClancyError } from '../../contracts/errors.ts';
import { createCoreDatabase, type CoreDatabase } from '../../db/client.ts';
import { systemScope } from '../http/scope.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import { until } from '../testing/until.ts';
import { appendToOutbox, nextSeq, type OutboxRow } from './append.ts';
import { createRelay, type OutboxHandler, type OutboxHandlers, type Relay } from './relay.ts';

const logger = pino({ level: 'silent' });
let core: TestCore;
let db: CoreDatabase;
let orgId: string;
let runId: string;
const relays: Relay[] = [];

beforeAll(async () => {
  core = await startTestCore();
  db = createCoreDatabase({ url: core.database.coreUrl, orgContextKey: core.database.orgContextKey, logger });
});
afterAll(async () => {
  await db.close();
  await core.stop();
});
beforeEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await asOwner(core.database.ownerUrl, 'update core.outbox set sent_at = now() where sent_at is null', []);
  const owner = await core.person('owner');
  orgId = owner.orgId;
  const employeeId = await hire(core.copy.url, owner);
  const run = await call(core.copy.url, owner, `/v1/employees/${employeeId}/runs`, { body: {} });
  runId = run.json.run_id;
  await asOwner(core.database.ownerUrl, 'update core.outbox set sent_at = now() where sent_at is null', []);
});

async function append(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await db.withOrg(systemScope(orgId, 'test'), async (tx) => {
      const seq = await nextSeq(tx, runId);
      await appendToOutbox(tx, { runId, seq, kind: 'signal', payload: { workflow_id: runId, decision_id: randomUUID() } });
      tx.audit({ action: 'test.append', objectType: 'message', objectId: runId, allowed: true });
    });
  }
}

function startRelay(owner: string, signal: OutboxHandler, leaseMs = 10_000): Relay {
  const handlers: OutboxHandlers = {
    start_run: signal,
    note_start: signal,
    signal,
    cancel_run: signal,
    create_employee_client: signal,
    sync_schedule: signal,
    trigger_schedule: signal,
  };
  const relay = createRelay({ db, handlers, logger, owner, intervalMs: 20, leaseMs });
  relays.push(relay);
  void relay.run();
  return relay;
}
const unsent = () =>
  asOwner(core.database.ownerUrl, 'select seq from core.outbox where run_id = $1 and sent_at is null', [runId]);
const allSent = () => until('all messages', async () => (await unsent()).length === 0);
const done = async () => undefined;

test('the messages of a run are sent in their order, also by two relays', async () => {
  const sent: number[] = [];
  const handler = async (row: OutboxRow) => {
    sent.push(row.seq);
    return done;
  };
  await append(8);
  startRelay('a', handler);
  startRelay('b', handler);
  await allSent();
  expect(sent).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a message that cannot be sent is tried again, and holds back those behind it', async () => {
  const sent: number[] = [];
  let failures = 2;
  await append(2);
  startRelay('a', async (row) => {
    if (failures > 0) {
      failures -= 1;
      throw new ClancyError('dependency_unavailable', 'away');
    }
    sent.push(row.seq);
    return done;
  });
  await allSent();
  expect(sent).toEqual([2, 3]);
  const [row] = await asOwner(core.database.ownerUrl, 'select attempts from core.outbox where run_id = $1 and seq = 2', [runId]);
  expect(row).toEqual({ attempts: 3 });
});

test('a relay that lost its lease records nothing: its successor sends the message and the next ones', async () => {
  const recorded: string[] = [];
  let letGo = (): void => undefined;
  const stuck = new Promise<void>((resolve) => (letGo = resolve));
  const taken = new Promise<void>((resolve) => {
    startRelay(
      'slow',
      async () => {
        resolve();
        await stuck;
        return async () => void recorded.push('slow');
      },
      50,
    );
    void append(1);
  });
  await taken;
  startRelay('quick', async () => async () => void recorded.push('quick'));
  await allSent();
  letGo();
  await relays[0]!.stop();
  expect(recorded).toEqual(['quick']);
});

test('a row written with a claim is sent by its writer alone, without being looked for', async () => {
  const looked: number[] = [];
  const relay = startRelay('writer', async (row) => {
    looked.push(row.seq);
    return done;
  });
  startRelay('other', async (row) => {
    looked.push(row.seq);
    return done;
  });
  const row = await appendClaimed(relay);
  await append(1);
  expect((await unsent()).length).toBe(2);
  const recorded = await new Promise<string>((resolve) => {
    relay.send(row, async () => async () => resolve('by the writer'));
  });
  relay.wake();
  await allSent();
  expect(recorded).toBe('by the writer');
  expect(looked).toEqual([row.seq + 1]);
});

test('a claimed row whose writer died is sent by another relay when the lease ends', async () => {
  const row = await appendClaimed({ claim: () => ({ owner: 'dead', leaseMs: 50 }) });
  const sent: number[] = [];
  startRelay('heir', async ({ seq }) => {
    sent.push(seq);
    return done;
  });
  await allSent();
  expect(sent).toEqual([row.seq]);
});

test('a claimed row that cannot be sent is tried again as any other', async () => {
  const sent: number[] = [];
  const relay = startRelay('writer', async ({ seq }) => {
    sent.push(seq);
    return done;
  });
  const row = await appendClaimed(relay);
  relay.send(row, () => Promise.reject(new ClancyError('dependency_unavailable', 'away')));
  await allSent();
  expect(sent).toEqual([row.seq]);
});

async function appendClaimed({ claim }: Pick<Relay, 'claim'>): Promise<OutboxRow> {
  return db.withOrg(systemScope(orgId, 'test'), async (tx) => {
    const seq = await nextSeq(tx, runId);
    const held = claim();
    if (!held) throw new Error('the relay is busy');
    tx.audit({ action: 'test.append', objectType: 'message', objectId: runId, allowed: true });
    return appendToOutbox(tx, { runId, seq, kind: 'cancel_run', payload: {}, claim: held });
  });
}
