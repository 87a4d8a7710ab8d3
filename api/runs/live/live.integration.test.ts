import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCopy, type TestCore } from '../../testing/agent-core.ts';
import { asOwner } from '../../testing/as-owner.ts';
import { call } from '../../testing/call.ts';
import { hire } from '../../testing/hire.ts';
import type { TestPerson } from '../../testing/people.ts';
import { startTestTemporal, type TestTemporal } from '../../testing/temporal.ts';
import { until } from '../../testing/until.ts';
import { watch } from '../../testing/watch.ts';

let temporal: TestTemporal;
let core: TestCore;
let other: TestCopy;
let workers: { stop(): Promise<void> };
let owner: TestPerson;
let employeeId: string;

beforeAll(async () => {
  temporal = await startTestTemporal();
  core = await startTestCore({ temporalAddress: temporal.server.address, loops: true });
  other = await core.addCopy();
  workers = await temporal.startWorkers(core);
  owner = await core.person('owner');
  employeeId = await hire(core.copy.url, owner);
});
afterAll(async () => {
  await workers?.stop();
  await core?.stop();
  await temporal?.stop();
});

async function start(does: string): Promise<string> {
  const accepted = await call(core.copy.url, owner, `/v1/employees/${employeeId}/runs`, { body: { input: { does } } });
  return accepted.json.run_id;
}
const eventIdsOf = (messages: { data: string }[]): string[] => messages.map(({ data }) => String(JSON.parse(data).event_id));
const kindsOf = (messages: { data: string }[]): string[] => messages.map(({ data }) => String(JSON.parse(data).kind));

test('a watcher sees the run and its skills, the end of the run last', async () => {
  const runId = await start('skills');
  const kinds = kindsOf(await watch(core.copy.url, owner, runId));
  expect(kinds[0]).toBe('run.started');
  expect(kinds.at(-1)).toBe('run.completed');
  expect(kinds.filter((kind) => kind === 'skill.completed')).toHaveLength(2);
  expect(kinds.filter((kind) => kind === 'waiting')).toHaveLength(6);
});

test('a watcher that reconnects to another copy, at every position, misses nothing', async () => {
  const runId = await start('skills');
  const all = await watch(core.copy.url, owner, runId);
  const complete = new Set(eventIdsOf(all));
  expect(complete.size).toBe(all.length);
  for (let position = 0; position < all.length; position += 1) {
    const before = all.slice(0, position);
    const lastEventId = before.at(-1)?.id;
    const after = await watch(other.url, owner, runId, lastEventId === undefined ? {} : { lastEventId });
    expect(new Set(eventIdsOf([...before, ...after]))).toEqual(complete);
    expect(eventIdsOf(after).some((id) => eventIdsOf(before).includes(id))).toBe(false);
  }
  expect(await watch(other.url, owner, runId, { lastEventId: all.at(-1)!.id! })).toEqual([]);
});

test('a watcher that changes between the copies while the run goes on misses nothing', async () => {
  const runId = await start('skills');
  const seen: { data: string; id?: string | undefined }[] = [];
  for (let turn = 0; kindsOf(seen).at(-1) !== 'run.completed'; turn += 1) {
    const lastEventId = seen.at(-1)?.id;
    const url = turn % 2 === 0 ? core.copy.url : other.url;
    seen.push(...(await watch(url, owner, runId, { max: 2, ...(lastEventId !== undefined && { lastEventId }) })));
  }
  const all = await watch(core.copy.url, owner, runId);
  expect(new Set(eventIdsOf(seen))).toEqual(new Set(eventIdsOf(all)));
});

test('a run that is terminated ends its stream', async () => {
  const runId = await start('wait');
  const messages = await watch(core.copy.url, owner, runId, {
    onMessage: ({ data }) => {
      if (JSON.parse(data).kind === 'run.started') void temporal.client.workflow.getHandle(runId).terminate();
    },
  });
  expect(kindsOf(messages)).toEqual(['run.started', 'run.interrupted']);
});

test('a run whose history is gone answers with its recorded result, and with nothing behind it', async () => {
  const runId = await start('complete');
  await until('the end', async () => {
    const run = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(runId)}`);
    return run.json.status === 'completed';
  });
  // What Temporal forgot after its retention is to us what it never knew.
  const query = 'update core.runs set temporal_run_id = $1 where run_id = $2 returning run_id';
  expect(await asOwner(core.database.ownerUrl, query, [randomUUID(), runId])).toHaveLength(1);
  const messages = await watch(core.copy.url, owner, runId);
  expect(kindsOf(messages)).toEqual(['run.completed']);
  expect(JSON.parse(messages[0]!.data).data).toMatchObject({ recorded: true, result: { answer: 'nothing' } });
  expect(await watch(other.url, owner, runId, { lastEventId: messages[0]!.id! })).toEqual([]);
});

test('a text that is no event id is refused', async () => {
  const runId = await start('complete');
  const answer = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(runId)}/events`, {
    headers: { 'last-event-id': 'nonsense' },
  });
  expect(answer.json).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('a copy that stops ends its streams, and the reader goes on elsewhere', async () => {
  const runId = await start('wait');
  const leaving = await core.addCopy();
  const seen = await watch(leaving.url, owner, runId, { onMessage: () => void leaving.stop() });
  expect(kindsOf(seen)).toEqual(['run.started']);
  const rest = watch(core.copy.url, owner, runId, { lastEventId: seen[0]!.id! });
  await temporal.client.workflow.getHandle(runId).terminate();
  expect(kindsOf(await rest)).toEqual(['run.interrupted']);
});
