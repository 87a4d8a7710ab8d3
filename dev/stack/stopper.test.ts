import { describe, expect, it } from 'vitest';
import { createStopper } from './stopper.ts';

describe('the stopper', () => {
  it('ends parts last first, each once, and goes on after one that fails', async () => {
    const ended: string[] = [];
    const part = (name: string, isBroken = false) => ({
      stop: async () => {
        ended.push(name);
        if (isBroken) throw new Error(name);
      },
    });
    const stopper = createStopper();
    stopper.add(part('database'));
    stopper.add(part('api', true));
    stopper.add(part('worker'));
    await expect(stopper.stopAll()).rejects.toThrow(AggregateError);
    await stopper.stopAll();
    expect(ended).toEqual(['worker', 'api', 'database']);
  });

  it('ends a part at once whose start was still under way', async () => {
    const stopper = createStopper();
    await stopper.stopAll();
    await new Promise<void>((resolve) => {
      stopper.add({ stop: async () => resolve() });
    });
  });
});
