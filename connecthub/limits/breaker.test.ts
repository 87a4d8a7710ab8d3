import { beforeEach, describe, expect, it } from 'vitest';
import { createBreakers, type Breaker, type Breakers, type Passage } from './breaker.ts';

let nowMs: number;
let breakers: Breakers;
let breaker: Breaker;
beforeEach(() => {
  nowMs = 1_000;
  breakers = createBreakers(() => nowMs);
  breaker = breakers.of('slack', 'conn_1');
});

function pass(): Passage {
  const passage = breaker.enter();
  if ('blockedMs' in passage) throw new Error(`blocked for ${passage.blockedMs} ms`);
  return passage;
}
const fail = (times: number) => Array.from({ length: times }, pass).forEach((passage) => passage.end(false));

describe('a breaker', () => {
  it('opens after five failures in a row, for its connection alone, and says for how long', () => {
    fail(4);
    expect(breaker.blockedMs()).toBeUndefined();
    fail(1);
    expect(breaker.blockedMs()).toBe(5_000);
    expect(breaker.enter()).toEqual({ blockedMs: 5_000 });
    expect(breakers.of('slack', 'conn_2').blockedMs()).toBeUndefined();
    expect([...breakers.open()]).toEqual([['slack', 1]]);
  });

  it('counts failures in a row: an answer in between begins anew', () => {
    fail(4);
    pass().end(true);
    fail(4);
    expect(breaker.blockedMs()).toBeUndefined();
  });

  it('lets one request through when its time is over, and no other until that has ended', () => {
    fail(5);
    nowMs += 5_000;
    expect(breaker.blockedMs()).toBeUndefined();
    const trial = pass();
    expect(breaker.enter()).toEqual({ blockedMs: 1_000 });
    trial.end(true);
    expect(breaker.blockedMs()).toBeUndefined();
    expect([...breakers.open()]).toEqual([]);
  });

  it('stays open for twice as long after each trial that fails, a minute at most', () => {
    fail(5);
    const pauses = [];
    for (let trial = 0; trial < 6; trial += 1) {
      nowMs += breaker.blockedMs() ?? 0;
      fail(1);
      pauses.push(breaker.blockedMs());
    }
    expect(pauses).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  it('is opened no longer by what was under way when it opened', () => {
    const before = Array.from({ length: 9 }, pass);
    before.slice(0, 5).forEach((passage) => passage.end(false));
    nowMs += 4_000;
    before.slice(5).forEach((passage) => passage.end(false));
    expect(breaker.blockedMs()).toBe(1_000);
  });

  it('is forgotten where nobody uses the connection any more', () => {
    fail(5);
    nowMs += 601_000;
    expect([...breakers.open()]).toEqual([]);
    expect(breaker.blockedMs()).toBeUndefined();
  });

  it('does not wait for a trial for ever', () => {
    fail(5);
    nowMs += 5_000;
    pass();
    nowMs += 60_000;
    expect(breaker.blockedMs()).toBeUndefined();
  });
});
