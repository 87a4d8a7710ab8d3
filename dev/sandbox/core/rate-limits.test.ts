import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type Harness } from '../testing.ts';
import { createRateLimiter } from './rate-limits.ts';

describe('an enforced limit', () => {
  const limit = { key: 'k', units: 1, most: 2, perMs: 1_000 };
  let nowMs = 0;
  const limiter = () => {
    const made = createRateLimiter(() => nowMs);
    made.enforce('T1', true);
    return (atMs: number, ...limits: (typeof limit)[]) => {
      nowMs = atMs;
      return made.take('T1', limits.length > 0 ? limits : [limit]);
    };
  };

  it('holds in every stretch of its length, wherever that begins', () => {
    const take = limiter();
    expect([take(900), take(1_000), take(1_100), take(1_899), take(1_900), take(1_950)]).toEqual([
      undefined,
      undefined,
      1,
      1,
      undefined,
      1,
    ]);
  });

  it('takes from none of the limits where one has no room, and counts units', () => {
    const take = limiter();
    const dear = { ...limit, key: 'dear', units: 2 };
    expect([take(0, dear), take(1, limit, dear), take(2), take(3), take(4)]).toEqual([undefined, 1, undefined, undefined, 1]);
  });

  it('is none for accounts that nobody told to', () => {
    const made = createRateLimiter(() => 0);
    expect([1, 2, 3].map(() => made.take('T2', [limit]))).toEqual([undefined, undefined, undefined]);
  });
});

describe('Slack, told to enforce its limits', () => {
  let harness: Harness;
  beforeAll(async () => {
    // A clock that stands still: everything happens in one second.
    harness = await startHarness({ now: () => 1_750_000_000_000 });
  });
  afterAll(() => harness.sandbox.close());

  it('takes one message a second per channel, by name or id, and answers the next one 429', async () => {
    const { team, token } = await harness.install();
    const { channels } = await harness.control.createTeam(team);
    const { id, name } = channels.find((one) => one.name === 'billing') ?? channels[0] ?? { id: '', name: '' };
    await harness.control.enforceLimits(team);
    expect((await harness.call('chat.postMessage', token, { channel: `#${name}`, text: 'one' })).body['ok']).toBe(true);
    const second = await harness.call('chat.postMessage', token, { channel: id, text: 'two' });
    expect([second.status, second.headers.get('retry-after'), second.body]).toEqual([
      429,
      '1',
      { ok: false, error: 'ratelimited' },
    ]);
    expect((await harness.control.requests(team)).filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it('counts each method by its tier', async () => {
    const { team, token } = await harness.install();
    await harness.control.enforceLimits(team);
    for (let n = 0; n < 20; n += 1) await harness.call('users.list', token);
    expect((await harness.call('users.list', token)).status).toBe(429);
    expect((await harness.call('conversations.list', token)).status).toBe(200);
  });
});
