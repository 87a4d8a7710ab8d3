import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProblemError } from '../../cli/client/problem-error.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { post, type OneSkill } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
});
afterAll(() => world.close());

const nth = (n: number) => ({ ...post(`Message ${n}.`), id: `post_${n}` });
const texts = async (site: Site) => (await site.posts()).map(({ text }) => text);
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'accepted',
    (error: unknown) => (error instanceof ProblemError ? error.problem.code : error),
  );

/** A run whose third post is refused because the bot is not in the channel, until somebody invites it. */
async function failAtThird(isolation: OneSkill['isolation'] = 'child') {
  const site = await openSite(world);
  const fault = { kind: 'error', error: 'not_in_channel', method: 'chat.postMessage', nth: 3, times: 100 } as const;
  await world.sandbox.inject({ ...fault, team: site.team });
  const runId = await site.start({ nodes: [nth(1), nth(2), nth(3)], isolation });
  const failed = await site.untilEnded(runId);
  expect(failed).toMatchObject({ status: 'failed', error_code: 'provider_refused' });
  return { site, runId, invite: () => world.sandbox.clearFaults(site.team) };
}

it.each(['child', 'inline'] as const)('a retry makes only the missing effect, once its cause is gone (%s)', async (isolation) => {
  const { site, runId, invite } = await failAtThird(isolation);
  expect(await texts(site)).toEqual(['Message 1.', 'Message 2.']);

  const still = await site.manager.runs.retry(runId);
  expect(still.run_id).toBe(`${runId}~r1`);
  expect(await site.untilEnded(still.run_id)).toMatchObject({ status: 'failed', error_code: 'provider_refused' });
  expect(await codeOf(site.manager.runs.retry(runId))).toBe('conflict');

  await invite();
  const { run_id: second } = await site.manager.runs.retry(still.run_id);
  expect(second).toBe(`${runId}~r2`);
  expect(await site.untilEnded(second)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toEqual(['Message 1.', 'Message 2.', 'Message 3.']);
  expect(await site.requests('chat.postMessage')).toHaveLength(5);
  expect(await codeOf(site.manager.runs.retry(second))).toBe('conflict');
});

it('of two retries at once one is accepted, and a repeated request is the same retry', async () => {
  const { site, runId, invite } = await failAtThird();
  await invite();
  const asked = await Promise.all(['k1', 'k2'].map((key) => codeOf(site.manager.runs.retry(runId, key))));
  expect(new Set(asked)).toEqual(new Set(['accepted', 'conflict']));
  const key = asked[0] === 'accepted' ? 'k1' : 'k2';
  expect((await site.manager.runs.retry(runId, key)).run_id).toBe(`${runId}~r1`);
  expect(await site.untilEnded(`${runId}~r1`)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toHaveLength(3);
});

it('a call whose outcome is unknown waits for its person in the retry too, and is not made again', async () => {
  const site = await openSite(world, { without: ['channels:history'] });
  await world.sandbox.inject({ team: site.team, method: 'chat.postMessage', kind: 'reset', when: 'after' });
  const runId = await site.start({ nodes: [nth(1), nth(2)] });
  const word = await site.untilWaitingOn(runId, 'receipt:');
  expect(await codeOf(site.manager.runs.retry(runId))).toBe('conflict');
  await site.manager.runs.cancel(runId);
  await site.untilEnded(runId);

  const { run_id: retry } = await site.manager.runs.retry(runId);
  expect(await site.untilWaitingOn(retry, 'receipt:')).toBe(word);
  expect(await site.requests('chat.postMessage')).toHaveLength(1);
  await site.manager.receipts.resolve(word.slice('receipt:'.length), { resolution: 'happened' });
  expect(await site.untilEnded(retry)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toEqual(['Message 1.', 'Message 2.']);
});

it('what was terminated can be retried; what is run again makes all effects again', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [nth(1), { id: 'pause', kind: 'wait', seconds: 3_600 }, nth(2)] });
  await site.untilWaitingOn(runId, 'timer');
  expect(await codeOf(site.org.as('viewer').runs.terminate(runId))).toBe('forbidden');
  const ended = await site.manager.runs.terminate(runId, 'enough');
  expect(ended).toMatchObject({ status: 'interrupted', result: { error: 'The run was terminated: enough' } });
  expect(await codeOf(site.manager.runs.terminate(runId))).toBe('run_closed');

  const { run_id: again } = await site.manager.runs.runAgain(runId);
  await site.untilWaitingOn(again, 'timer');
  expect(await texts(site)).toEqual(['Message 1.', 'Message 1.']);
  await site.manager.runs.cancel(again);
  await site.untilEnded(again);

  const { run_id: retry } = await site.manager.runs.retry(runId);
  await site.untilWaitingOn(retry, 'timer');
  expect(await texts(site)).toHaveLength(2);
  await site.manager.runs.cancel(retry);
});

it('a paused run shows so, begins nothing, can be answered, and goes on when it is resumed', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [nth(1), nth(2)], effect: 'require_approval' });
  const question = (await site.untilWaitingOn(runId, 'approval:')).slice('approval:'.length);
  expect(await site.manager.runs.pause(runId, 'wait for Ann')).toMatchObject({ status: 'paused' });
  await site.untilWaitingOn(runId, 'paused');
  expect((await site.manager.runs.list({ status: 'paused' })).items).toMatchObject([{ run_id: runId }]);
  await site.manager.approvals.approve(question);
  // The answer has arrived: nothing but the pause is left to wait for.
  const isHeld = async () => (await site.run(runId)).waiting_on.join() === 'paused';
  await waitUntil(isHeld, { timeoutMs: 20_000, what: 'the answer to arrive' });
  expect(await site.posts()).toEqual([]);
  expect(await site.manager.runs.resume(runId)).toMatchObject({ status: 'running' });
  const second = await site.untilWaitingOn(runId, 'approval:');
  expect(await texts(site)).toEqual(['Message 1.']);
  await site.manager.approvals.approve(second.slice('approval:'.length));
  expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
  expect(await codeOf(site.manager.runs.pause(runId))).toBe('run_closed');
  const kinds: string[] = [];
  for await (const { event } of site.manager.runs.events(runId)) kinds.push(event.kind);
  expect(kinds.filter((kind) => kind.startsWith('run.'))).toEqual(['run.started', 'run.paused', 'run.resumed', 'run.completed']);
});
