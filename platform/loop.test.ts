import { expect, it } from 'vitest';
import { createLoop } from './loop.ts';

function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

it('comes round until a round says that it was the last', async () => {
  let rounds = 0;
  const loop = createLoop(0, async () => {
    rounds += 1;
    return rounds === 3 ? 'last' : undefined;
  });
  await loop.run();
  expect(rounds).toBe(3);
});

it('ends at a stop after the round at hand, and does not wait out its pause', async () => {
  const entered = gate();
  const held = gate();
  const done: string[] = [];
  const loop = createLoop(3_600_000, async () => {
    entered.open();
    await held.opened;
    done.push('round');
  });
  void loop.run();
  await entered.opened;
  const stopped = loop.stop().then(() => done.push('stopped'));
  held.open();
  await stopped;
  expect(done).toEqual(['round', 'stopped']);
});

it('tells a round that it is to end', async () => {
  const entered = gate();
  const loop = createLoop(0, (signal) => {
    entered.open();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
  });
  void loop.run();
  await entered.opened;
  await expect(loop.stop()).resolves.toBeUndefined();
});
