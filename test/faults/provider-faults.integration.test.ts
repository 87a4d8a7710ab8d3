import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceiptAnswer } from '../../cli/client/answers/connecthub.ts';
import type { RunAnswer } from '../../cli/client/answers/runs.ts';
import type { FaultInput } from '../../dev/sandbox/control/wire.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { connectAccount } from './consent.ts';
import { post, read, type OneSkill } from './one-skill.ts';
import { openSite, type Site } from './site.ts';
import { waitedOn } from './waited-on.ts';

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
  /** What the run said that it waited on while the provider was not well. */
  waits: string[];
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

async function arrange({ method, fault }: Case): Promise<Site> {
  const site = await openSite(world);
  // The kinds differ in their members; the sandbox checks what it gets.
  await world.sandbox.inject({ team: site.team, method, ...fault } as FaultInput);
  return site;
}

async function play(site: Site, employeeId: string): Promise<Story> {
  const { run_id: runId } = await site.manager.runs.start(employeeId);
  const run = await site.untilEnded(runId);
  return { site, run, waits: await waitedOn(world.stack, runId), receipts: await site.receipts(runId) };
}

const GROUPS = {
  read: { cases: READS, skill: { nodes: [read()] } },
  made: { cases: writes('after'), skill: { nodes: [post('Once.')] } },
  unmade: { cases: writes('before'), skill: { nodes: [post('Once.')] } },
} satisfies { [group: string]: { cases: Case[]; skill: OneSkill } };
type Group = keyof typeof GROUPS;

const stories = new Map<string, Story>();

let away: { site: Site; runId: string };

/** Its tries take half a minute, so it is begun first and looked at last. */
async function stayAway(): Promise<{ site: Site; runId: string }> {
  const site = await openSite(world);
  await world.sandbox.inject({ team: site.team, method: 'conversations.history', kind: 'status', status: 503, times: 100 });
  return { site, runId: await site.start({ nodes: [post('First.'), read()] }) };
}

/** All stories are played at once, since each mostly waits; their workplaces are made one by one, since that is work. */
beforeAll(async () => {
  const playing: Promise<unknown>[] = [];
  away = await stayAway();
  for (const [group, { cases, skill }] of Object.entries(GROUPS)) {
    for (const one of cases) {
      const site = await arrange(one);
      const employeeId = await site.hire({ ...skill, isolation: 'inline' });
      playing.push(play(site, employeeId).then((story) => stories.set(`${group} ${one.what}`, story)));
    }
  }
  const failed = (await Promise.allSettled(playing)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
});

function storyOf(group: Group, { what }: Case): Story {
  const story = stories.get(`${group} ${what}`);
  if (!story) throw new Error(`nothing was played for ${group} ${what}`);
  return story;
}

describe('a provider that answers a read with', () => {
  it.each(READS)('$what is asked again', (one) => {
    const { run, waits, receipts } = storyOf('read', one);
    expect(run).toMatchObject({ status: 'completed', error_code: null, waiting_on: [] });
    expect(run.result?.result).toMatchObject({ work: { read: { messages: [{}, {}] } } });
    expect(waits).toContain('provider:slack');
    expect(receipts).toMatchObject([{ outcome: 'succeeded', attempts: [one.first, { outcome: 'succeeded' }] }]);
  });
});

describe('a provider that answers a write, which it has made, with', () => {
  it.each(GROUPS.made.cases)('$what is not asked again: the effect is found', async (one) => {
    const { site, run, waits, receipts } = storyOf('made', one);
    const [message, ...others] = await site.posts();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: 'completed', result: { result: { work: { post: { ts: message?.ts } } } } });
    expect(waits).toContain('provider:slack');
    expect(receipts).toMatchObject([
      { outcome: 'succeeded', attempts: [one.first, { outcome: 'succeeded', code: 'found_by_lookup' }] },
    ]);
    expect(await site.requests('chat.postMessage')).toHaveLength(1);
  });
});

describe('a provider that answers a write, which it has not made, with', () => {
  it.each(GROUPS.unmade.cases)('$what is asked again once that is known', async (one) => {
    const { site, run, waits, receipts } = storyOf('unmade', one);
    expect(run).toMatchObject({ status: 'completed' });
    expect(waits).toContain('provider:slack');
    expect(await site.posts()).toHaveLength(1);
    expect(await site.requests('chat.postMessage')).toHaveLength(2);
    const attempts = receipts[0]?.attempts ?? [];
    expect([attempts[0], attempts.at(-1)]).toMatchObject([one.first, { outcome: 'succeeded' }]);
  });
});

describe('a provider that stays away', () => {
  it('ends the run with that word, and what was done before stands in its result', async () => {
    const { site, runId } = away;
    const run = await site.untilEnded(runId);
    expect(await waitedOn(world.stack, `${runId}:skill:work`)).toContain('provider:slack');
    expect(run).toMatchObject({ status: 'failed', error_code: 'provider_unavailable', waiting_on: [] });
    expect(run.result).toMatchObject({ error_code: 'provider_unavailable', capabilities_used: ['slack.post'] });
    expect(run.result?.hierarchical_events).toMatchObject([{ status: 'failed', micro_agents: ['post'] }]);
    expect((await site.receipts(runId)).map(({ outcome }) => outcome).toSorted()).toEqual(['refused', 'succeeded']);
  });
});

describe("Slack's words at HTTP 200", () => {
  it.each([
    { word: 'not_in_channel', code: 'provider_refused' },
    { word: 'missing_scope', code: 'scope_missing' },
  ])('$word ends the run as $code and says the word', async ({ word, code }) => {
    const site = await openSite(world);
    await world.sandbox.inject({ team: site.team, method: 'chat.postMessage', kind: 'error', error: word });
    const run = await site.untilEnded(await site.start({ nodes: [post('No.')] }));
    expect(run).toMatchObject({ status: 'failed', error_code: code, result: { error: expect.stringContaining(word) } });
    expect(await site.receipts(run.run_id)).toMatchObject([{ outcome: 'refused', error_code: code, attempts: [{ code: word }] }]);
    expect(await site.posts()).toEqual([]);
  });

  it('token_revoked asks for a new consent, until there is one', async () => {
    const site = await openSite(world);
    const employeeId = await site.hire({ nodes: [post('Hello.')] });
    await world.sandbox.revokeTokens(site.team);
    const start = async () => site.untilEnded((await site.manager.runs.start(employeeId)).run_id);
    const first = await start();
    expect(first).toMatchObject({ status: 'failed', error_code: 'connection_needs_reauth' });
    expect((await site.manager.connections.list()).items).toMatchObject([
      { connection_id: site.connectionId, status: 'needs_reauth' },
    ]);
    const slack = (await site.manager.capabilities.list()).providers.find(({ provider }) => provider === 'slack');
    expect(slack?.connections).toMatchObject([{ status: 'needs_reauth' }]);
    expect(await start()).toMatchObject({ status: 'failed', error_code: 'connection_needs_reauth' });
    expect(await site.requests('chat.postMessage')).toHaveLength(1);
    const again = await connectAccount(site.manager, world.sandbox, { team: site.team });
    expect(again.connectionId).toBe(site.connectionId);
    expect(await start()).toMatchObject({ status: 'completed' });
    expect(await site.posts()).toHaveLength(1);
  });

  it('token_expired in the middle of a run is answered with one refresh, however many calls meet it', async () => {
    const site = await openSite(world);
    const each = {
      id: 'each',
      kind: 'foreach',
      items: '[1, 2, 3]',
      body: 'sg_test_each_v1',
      input: {},
      max_parallel: 3,
    } as const;
    const barrier = await world.sandbox.barrier({ team: site.team, method: 'conversations.history' });
    const runId = await site.start({ nodes: [read(), each], bodies: { sg_test_each_v1: [post('=$string(item)')] } });
    await barrier.waitUntilHeld();
    await world.sandbox.expireTokens(site.team);
    await barrier.release();
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    expect(new Set((await site.posts()).map(({ text }) => text))).toEqual(new Set(['1', '2', '3']));
    expect(await site.posts()).toHaveLength(3);
    const refreshes = (await site.requests('oauth.v2.access')).filter(({ args }) => args['grant_type'] === 'refresh_token');
    expect(refreshes).toHaveLength(1);
    expect((await site.manager.connections.list()).items).toMatchObject([{ status: 'active' }]);
  });
});
