import { describe, expect, it } from 'vitest';
import { createDrain } from './drain.ts';
import { createStop, type ShutdownPhase, type ShutdownStep } from './shutdown.ts';

const nobody = { info: () => undefined, error: () => undefined };
const never = () => new Promise<void>(() => undefined);

function stopping(steps: readonly ShutdownStep[], drain?: ShutdownPhase) {
  const codes: number[] = [];
  const stop = createStop({ logger: nobody, steps, exit: (code) => codes.push(code), ...(drain && { drain }) });
  return { stop, codes };
}

describe('a stop', () => {
  it('goes through its phases in order, the drain first, those of a group side by side, each once', async () => {
    const said: string[] = [];
    const phase = (name: string): ShutdownPhase => ({
      name,
      timeoutMs: 1_000,
      run: async () => {
        said.push(`${name} begins`);
        await Promise.resolve();
        said.push(`${name} ends`);
      },
    });
    const { stop, codes } = stopping([[phase('http'), phase('worker')], phase('database')], phase('drain'));
    await Promise.all([stop('SIGTERM'), stop('SIGINT')]);
    expect(said.slice(0, 2)).toEqual(['drain begins', 'drain ends']);
    expect(said.slice(2, 4)).toEqual(['http begins', 'worker begins']);
    expect(said.slice(4, 6)).toEqual(['http ends', 'worker ends']);
    expect(said.slice(6)).toEqual(['database begins', 'database ends']);
    expect(codes).toEqual([0]);
  });

  it('goes on after a phase that fails or hangs, and says so with its exit code', async () => {
    const ended: string[] = [];
    const { stop, codes } = stopping([
      { name: 'hangs', timeoutMs: 1, run: never },
      { name: 'fails', timeoutMs: 1_000, run: () => Promise.reject(new Error('no')) },
      { name: 'last', timeoutMs: 1_000, run: () => void ended.push('last') },
    ]);
    await stop('SIGTERM');
    expect(ended).toEqual(['last']);
    expect(codes).toEqual([1]);
  });

  it('is refused at the start when it may take longer than orchestrators wait', () => {
    const phase = (timeoutMs: number): ShutdownPhase => ({ name: 'slow', timeoutMs, run: never });
    expect(() => stopping([[phase(12_000), phase(12_000)], phase(8_000)])).not.toThrow();
    expect(() => stopping([phase(12_000), phase(8_001)])).toThrow('may take 20001 ms of 20000');
  });

  it('says that it is stopping before it closes anything', async () => {
    const drain = createDrain({ CLANCY_MODE: 'production', DRAIN_MS: 1 });
    const said = [drain.isStopping()];
    const close = { name: 'http', timeoutMs: 1_000, run: () => void said.push(drain.isStopping()) };
    await stopping([close], drain.phase).stop('SIGTERM');
    expect(said).toEqual([false, true]);
  });
});
