import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf, startHarness } from './testing.ts';
import type { Harness, Installation } from './testing.ts';

const METHOD = 'chat.postMessage';

describe('barriers', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.sandbox.close());

  const post = ({ token }: Installation) => h.call(METHOD, token, { channel: 'C0DIGEST01', text: 'hi' });
  const count = async ({ team }: Installation) => (await h.control.effects(team)).length;

  it('holds the answer with the effect made, and then lets it go', async () => {
    const installation = await h.install();
    const barrier = await h.control.barrier({ team: installation.team, method: METHOD });
    const pending = post(installation);
    const held = await barrier.waitUntilHeld();
    expect(held.state).toBe('held');
    expect(await h.control.effects(installation.team)).toMatchObject([{ method: METHOD, request_id: held.request_id }]);
    expect((await h.control.requests(installation.team)).at(-1)?.status).toBeNull();
    await barrier.release();
    expect((await pending).body['ok']).toBe(true);
  });

  it('drops the connection instead, where that is asked', async () => {
    const installation = await h.install();
    const barrier = await h.control.barrier({ team: installation.team, method: METHOD });
    const outcome = outcomeOf(post(installation));
    await barrier.waitUntilHeld();
    await barrier.release('drop');
    expect(await outcome).toBe('lost');
    expect(await count(installation)).toBe(1);
  });

  it('can hold a request before its effect', async () => {
    const installation = await h.install();
    const barrier = await h.control.barrier({ team: installation.team, method: METHOD, after_effect: false });
    const pending = post(installation);
    await barrier.waitUntilHeld();
    expect(await count(installation)).toBe(0);
    await barrier.release();
    await pending;
    expect(await count(installation)).toBe(1);
  });

  it('holds one request only; the next one passes', async () => {
    const installation = await h.install();
    const barrier = await h.control.barrier({ team: installation.team, method: METHOD });
    const pending = post(installation);
    await barrier.waitUntilHeld();
    expect((await post(installation)).body['ok']).toBe(true);
    await barrier.release();
    await pending;
    expect(await count(installation)).toBe(2);
  });

  it('holds nobody any more once it was released, and keeps to its team', async () => {
    const [one, two] = [await h.install(), await h.install()];
    const barrier = await h.control.barrier({ team: one.team, method: METHOD });
    expect((await post(two)).body['ok']).toBe(true);
    await barrier.release();
    expect((await post(one)).body['ok']).toBe(true);
  });

  it('survives a caller that died at the barrier', async () => {
    const installation = await h.install();
    const barrier = await h.control.barrier({ team: installation.team, method: METHOD });
    const killed = new AbortController();
    const outcome = outcomeOf(
      fetch(`${h.sandbox.url}/slack/api/${METHOD}?channel=C0DIGEST01&text=hi`, {
        headers: { authorization: `Bearer ${installation.token}` },
        signal: killed.signal,
      }),
    );
    await barrier.waitUntilHeld();
    killed.abort();
    expect(await outcome).toBe('lost');
    await barrier.release();
    expect((await post(installation)).body['ok']).toBe(true);
    expect(await count(installation)).toBe(2);
  });
});
