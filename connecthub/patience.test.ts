import { describe, expect, it } from 'vitest';
import { ClancyError } from '../contracts/errors.ts';
import { withPatience } from './patience.ts';

const away = new ClancyError('dependency_unavailable', 'The database cannot be reached right now.');

/** Work that fails so many times, with a clock that moves by the pauses only. */
async function run(failures: number, error: Error = away, forMs = 10_000) {
  const pauses: number[] = [];
  let [clockMs, attempts] = [0, 0];
  const work = async () => {
    attempts += 1;
    if (attempts <= failures) throw error;
    return 'kept';
  };
  const pause = async (ms: number) => {
    pauses.push(ms);
    clockMs += ms;
  };
  const ended = await withPatience(work, { forMs, now: () => clockMs, pause }).catch((thrown: unknown) => thrown);
  return { ended, attempts, pauses };
}

describe('work that must not be lost', () => {
  it('is repeated, ever more slowly, until the database is back', async () => {
    expect(await run(6)).toEqual({ ended: 'kept', attempts: 7, pauses: [100, 200, 400, 800, 1_000, 1_000] });
  });

  it('is given up when its time is over', async () => {
    expect(await run(100, away, 1_000)).toEqual({ ended: away, attempts: 4, pauses: [100, 200, 400] });
  });

  it('is not repeated where that would change nothing', async () => {
    for (const error of [new Error('a bug'), new ClancyError('invalid_request', 'No.')])
      expect(await run(1, error)).toEqual({ ended: error, attempts: 1, pauses: [] });
  });
});
