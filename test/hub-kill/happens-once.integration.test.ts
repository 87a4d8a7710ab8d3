import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSkillRunId } from '../../contracts/ids.ts';
import { freePort } from '../../dev/processes/free-port.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { silent } from '../../dev/progress.ts';
import { startService } from '../../dev/stack/child-service.ts';
import { post } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { waitedOn } from '../faults/waited-on.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { callDirectly, type DirectCaller } from './call-directly.ts';

const POST = { provider: 'slack', capability: 'slack.post' };

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
});
afterAll(() => world.close());

describe('two copies of ConnectHub', () => {
  let urls: string[];
  let site: Site;
  let caller: DirectCaller;
  let second: Awaited<ReturnType<typeof startService>>;
  let body: { connection_id: string; parameters: { channel: string; text: string } };
  beforeAll(async () => {
    const { stack } = world;
    const url = `http://127.0.0.1:${await freePort()}`;
    const dir = join(stack.dir, 'second');
    await mkdir(dir);
    const env = { ...stack.environments.connecthub, PORT: new URL(url).port };
    second = await startService({ name: 'connecthub', env, dir, readyUrl: `${url}/ready`, log: silent });
    urls = [stack.urls.connecthub, url];
    site = await openSite(world);
    // It stays open throughout.
    const runId = await site.start({ nodes: [{ id: 'pause', kind: 'wait', seconds: 3_600 }, post('Later.')] });
    await site.untilWaitingOn(runId, 'timer');
    caller = await callDirectly(stack, site, runId, ['slack/slack.post']);
    body = { connection_id: site.connectionId, parameters: { channel: '#billing', text: 'Once.' } };
  });
  afterAll(() => second.stop());

  it('make one effect of the same call at the same time', async () => {
    const callId = caller.callId(1);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => caller.post(urls[i % 2] ?? '', callId, body)));
    const made = answers.filter(({ status }) => status === 200);
    expect(made.filter(({ body: answer }) => answer['replayed'] === false)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 200).map(({ body: answer }) => answer['code']);
    expect([...new Set(['call_in_flight', ...refused])]).toEqual(['call_in_flight']);
    expect(await site.posts()).toHaveLength(1);
    for (const url of urls) {
      expect((await caller.post(url, callId, body)).body).toMatchObject({ status: 'succeeded', replayed: true });
    }
  });

  it('share the lease: while one waits for the provider, the other sends nothing', async () => {
    const callId = caller.callId(2);
    const sent = (await site.requests('chat.postMessage')).length;
    const barrier = await world.sandbox.barrier({ team: site.team, method: 'chat.postMessage' });
    const first = caller.post(urls[0] ?? '', callId, body);
    await barrier.waitUntilHeld();
    expect((await caller.post(urls[1] ?? '', callId, body)).body).toMatchObject({ code: 'call_in_flight' });
    await barrier.release();
    expect((await first).body).toMatchObject({ status: 'succeeded', replayed: false });
    expect(await site.requests('chat.postMessage')).toHaveLength(sent + 1);
  });

  it('give the stored success after the grant is gone, and nothing new', async () => {
    const employeeId = (await site.manager.employees.list()).items[0]?.employee_id ?? '';
    await site.manager.grants.revoke(employeeId, POST);
    expect((await caller.post(urls[1] ?? '', caller.callId(2), body)).body).toMatchObject({
      status: 'succeeded',
      replayed: true,
    });
    expect(await caller.post(urls[1] ?? '', caller.callId(3), body)).toMatchObject({
      status: 403,
      body: { code: 'grant_missing' },
    });
    expect(await site.posts()).toHaveLength(2);
  });
});

describe('a call that a person approved', () => {
  it('goes out later under the same approval when the provider asks for patience', async () => {
    const site = await openSite(world);
    const runId = await site.start({ nodes: [post('Approved.')], effect: 'require_approval' });
    const approvalId = (await site.untilWaitingOn(runId, 'approval:')).slice('approval:'.length);
    expect(await site.requests('chat.postMessage')).toEqual([]);
    await world.sandbox.inject({ team: site.team, method: 'chat.postMessage', kind: 'status', status: 429, retry_after: 2 });
    await site.org.as('approver').approvals.approve(approvalId);
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    const skillRun = makeSkillRunId({ run: runId, node: 'work', visit: 1 });
    expect(await waitedOn(world.stack, skillRun)).toEqual([`approval:${approvalId}`, 'provider:slack']);
    expect(await site.posts()).toHaveLength(1);
    expect(await site.receipts(runId)).toMatchObject([
      {
        outcome: 'succeeded',
        approval_id: approvalId,
        attempts: [{ outcome: 'refused', code: 'ratelimited' }, { outcome: 'succeeded' }],
      },
    ]);
    const uses = await site.query('select approval_id from hub.approval_uses where org_id = $1');
    const asked = await site.query('select approval_id from authz.approvals where org_id = $1');
    expect([uses, asked]).toEqual([[{ approval_id: approvalId }], [{ approval_id: approvalId }]]);
  });
});

describe('a grant that is taken away after the effect', () => {
  it('does not turn the stored success into a refusal for the worker that asks again', async () => {
    const site = await openSite(world);
    const barrier = await world.sandbox.barrier({ team: site.team, method: 'chat.postMessage' });
    const runId = await site.start({ nodes: [post('Granted.')] });
    await barrier.waitUntilHeld();
    // Nobody is there to hear the answer: ConnectHub records it, and only a repetition can learn of it.
    world.stack.processes.worker.kill('SIGKILL');
    await world.stack.processes.worker.waitForExit();
    await barrier.release();
    const isRecorded = async () => (await site.receipts(runId))[0]?.outcome === 'succeeded';
    await waitUntil(isRecorded, { timeoutMs: 20_000, everyMs: 100, what: 'the outcome to be recorded' });
    await site.manager.grants.revoke((await site.run(runId)).employee_id, POST);
    await world.stack.processes.worker.restart();
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    expect(await site.requests('chat.postMessage')).toHaveLength(1);
  });
});
