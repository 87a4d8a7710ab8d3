import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkerPayloadKeys } from '../../activities/agent-worker/payload-keys.ts';
import { makeEmployeeId, makeRunId } from '../../contracts/ids.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import { tokensOf } from '../testing/service-token.ts';
import type { TestPerson } from '../testing/people.ts';

const AT = '2026-11-23T10:00:00.000Z';

let core: TestCore;
let owner: TestPerson;
let runId: string;
let othersRunId: string;
beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
  const runOf = async (person: TestPerson) => makeRunId({ employee: await hire(core.copy.url, person), version: 1, at: AT });
  runId = await runOf(owner);
  othersRunId = await runOf(await core.person('owner'));
});
afterAll(() => core.stop());

const workerKeys = () => createWorkerPayloadKeys({ agentCoreUrl: core.copy.url, serviceToken: tokensOf(core, 'worker') });

test("a worker gets the key of its workflow's organisation, once for all of its workflows, and it is audited", async () => {
  const keys = workerKeys();
  const found = await keys.inUse(runId);
  expect(found).toMatchObject({ orgId: owner.orgId });
  expect(found!.key).toHaveLength(32);
  expect(await keys.inUse(`${runId}~r1:skill:work`)).toBe(found);
  expect(await keys.named(runId, found!.kid)).toEqual(found);
  expect(await core.audit(owner.orgId, 'payload_key.issue')).toMatchObject([
    { actor_id: 'worker', object_id: found!.kid },
    { actor_id: 'worker', object_id: found!.kid },
  ]);
  // Both read the same payloads.
  expect(await core.copy.core.http.payloadKeys.inUse(runId)).toEqual(found);
});

test('organisations have keys of their own, and the id of a key of one is nothing with the workflow of another', async () => {
  const keys = workerKeys();
  const [mine, theirs] = [await keys.inUse(runId), await keys.inUse(othersRunId)];
  expect(mine!.key.equals(theirs!.key)).toBe(false);
  expect(await keys.named(othersRunId, mine!.kid)).toBeUndefined();
});

test('a workflow of nobody has no key', async () => {
  const nobodys = makeRunId({ employee: makeEmployeeId(new Uint8Array(16)), version: 1, at: AT });
  const schedule = 'schedule:0b7ff3a5-5d4c-4a58-9a39-0b9f7d9a2c11-2026-11-23T10:00:00Z';
  for (const workflowId of [nobodys, schedule, 'my-workflow']) expect(await workerKeys().inUse(workflowId)).toBeUndefined();
});

test('nobody but a worker is given a key', async () => {
  const body = { workflow_id: runId };
  const hub = { token: await tokensOf(core, 'connecthub').token() };
  expect((await call(core.copy.url, hub, '/internal/payload-keys', { body })).status).toBe(403);
  expect((await call(core.copy.url, owner, '/internal/payload-keys', { body })).status).toBe(401);
  expect((await call(core.copy.url, undefined, '/internal/payload-keys', { body })).status).toBe(401);
});

test('a worker whose Agent-Core is away fails, so that Temporal tries again', async () => {
  const serviceToken = tokensOf(core, 'worker');
  const keys = createWorkerPayloadKeys({ agentCoreUrl: 'http://127.0.0.1:1', serviceToken });
  await expect(keys.inUse(runId)).rejects.toThrow('agent-core did not answer');
});
