import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceiptAnswer } from '../../cli/client/answers/connecthub.ts';
import type { RunAnswer } from '../../cli/client/answers/runs.ts';
import type { FaultInput } from '../../dev/sandbox/control/wire.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { post, read, type OneSkill } from './one-skill.ts';
import { openSite, type Site } from './site.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
});
afterAll(() => world.close());

interface Case {
  what: string;
  method: 'conversations.history' | 'chat.postMessage';
  fault: { kind: FaultInput['kind']; [member: string]: unknown };
  /** The first attempt as its receipt tells it. */
  first: { outcome: 'refused' | 'maybe'; code: string };
}

interface Story {
  site: Site;
  run: RunAnswer;
  /** What the run waited on while the provider was not well. */
  waitedOn: string;
  receipts: ReceiptAnswer[];
}

const FAULTS = [
  { what: '500', fault: { kind: 'status', status: 500 }, code: 'http_500' },
  { what: '429', fault: { kind: 'status', status: 429, retry_after: 3 }, code: 'ratelimited' },
  { what: 'garbage', fault: { kind: 'garbage' }, code: 'unreadable_answer' },
  { what: 'half an answer', fault: { kind: 'half' }, code: 'und_err_socket' },
  { what: 'a reset', fault: { kind: 'reset' }, code: 'econnreset' },
  { what: 'nothing, for longer than a call may take', fault: { kind: 'hang' }, code: 'timed_out' },
] as const;

const READS: Case[] = FAULTS.map(({ what, fault, code }) => ({
  what,
  method: 'conversations.history',
  fault,
  first: { outcome: 'refused', code },
}));
/** A limit says that nothing was done; every other answer leaves it open. */
const writes = (when: 'before' | 'after'): Case[] =>
  FAULTS.filter(({ what }) => when === 'before' || what !== '429').map(({ what, fault, code }) => ({
    what,
    method: 'chat.postMessage',
    fault: { ...fault, when },
    first: { outcome: what === '429' ? 'refused' : 'maybe', code },
  }));

async function play({ method, fault }: Case, skill: OneSkill): Promise<Story> {
  const site = await openSite(world);
  // The kinds differ in their members; the sandbox checks what it gets.
  await world.sandbox.inject({ team: site.team, method, ...fault } as FaultInput);
  const runId = await site.start(skill);
  const waitedOn = await site.untilWaitingOn(runId, 'provider:');
  const run = await site.untilEnded(runId);
  return { site, run, waitedOn, receipts: await site.receipts(runId) };
}

/** Plays all at once, since each mostly waits. */
function storiesOf(cases: Case[], skill: OneSkill): Map<string, Story> {
  const stories = new Map<string, Story>();
  beforeAll(async () => {
    await Promise.all(cases.map(async (one) => void stories.set(one.what, await play(one, skill))));
  });
  return stories;
}

function storyOf(stories: Map<string, Story>, { what }: Case): Story {
  const story = stories.get(what);
  if (!story) throw new Error(`nothing was played for ${what}`);
  return story;
}

describe('a provider that answers a read with', () => {
  const stories = storiesOf(READS, { nodes: [read()], isolation: 'inline' });
  it.each(READS)('$what is asked again', (one) => {
    const { run, waitedOn, receipts } = storyOf(stories, one);
    expect(run).toMatchObject({ status: 'completed', error_code: null, waiting_on: [] });
    expect(run.result?.result).toMatchObject({ work: { read: { messages: [{}, {}] } } });
    expect(waitedOn).toBe('provider:slack');
    expect(receipts).toMatchObject([{ outcome: 'succeeded', attempts: [one.first, { outcome: 'succeeded' }] }]);
  });
});

describe('a provider that answers a write, which it has made, with', () => {
  const CASES = writes('after');
  const stories = storiesOf(CASES, { nodes: [post('Once.')], isolation: 'inline' });
  it.each(CASES)('$what is not asked again: the effect is found', async (one) => {
    const { site, run, waitedOn, receipts } = storyOf(stories, one);
    const [message, ...others] = await site.posts();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: 'completed', result: { result: { work: { post: { ts: message?.ts } } } } });
    expect(waitedOn).toBe('provider:slack');
    expect(receipts).toMatchObject([{ outcome: 'succeeded', attempts: [one.first, { outcome: 'succeeded', code: 'found_by_lookup' }] }]);
    expect(await site.requests('chat.postMessage')).toHaveLength(1);
  });
});

describe('a provider that answers a write, which it has not made, with', () => {
  const CASES = writes('before');
  const stories = storiesOf(CASES, { nodes: [post('Once.')], isolation: 'inline' });
  it.each(CASES)('$what is asked again once that is known', async (one) => {
    const { site, run, waitedOn, receipts } = storyOf(stories, one);
    expect(run).toMatchObject({ status: 'completed' });
    expect(waitedOn).toBe('provider:slack');
    expect(await site.posts()).toHaveLength(1);
    expect(await site.requests('chat.postMessage')).toHaveLength(2);
    const attempts = receipts[0]?.attempts ?? [];
    expect([attempts[0], attempts.at(-1)]).toMatchObject([one.first, { outcome: 'succeeded' }]);
  });
});

describe('a provider that stays away', () => {
  it('ends the run with that word, and what was done before stands in its result', { timeout: 100_000 }, async () => {
    const site = await openSite(world);
    await world.sandbox.inject({ team: site.team, method: 'conversations.history', kind: 'status', status: 503, times: 100 });
    const runId = await site.start({ nodes: [post('First.'), read()] });
    expect(await site.untilWaitingOn(runId, 'provider:')).toBe('provider:slack');
    const run = await site.untilEnded(runId);
    expect(run).toMatchObject({ status: 'failed', error_code: 'provider_unavailable', waiting_on: [] });
    expect(run.result).toMatchObject({ error_code: 'provider_unavailable', capabilities_used: ['slack.post'] });
    expect(run.result?.hierarchical_events).toMatchObject([{ status: 'failed', micro_agents: ['post'] }]);
    expect((await site.receipts(runId)).map(({ outcome }) => outcome).toSorted()).toEqual(['refused', 'succeeded']);
  });
});
