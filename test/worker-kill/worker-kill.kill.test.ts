import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SeenEvent } from './history.ts';
import { openKillGround, type KillGround } from './killed-runs.ts';

let ground: KillGround;

beforeAll(async () => {
  ground = await openKillGround();
});
afterAll(() => ground.close());

/** Parallel items record a few events more or less from run to run: a place that one run lacks, another has. */
const RUNS_PER_PLACE = 8;

describe('a run whose worker is killed', () => {
  it('ends completed with each effect once, after every single event', async () => {
    const { events, ...undisturbed } = await ground.run(() => false);
    expect(undisturbed).toMatchObject({ status: 'completed', effects: undisturbed.expected });
    const missed: string[] = [];
    let runs = 0;
    for (const place of events) {
      const needed = await runsUntilKilled(place);
      runs += needed ?? RUNS_PER_PLACE;
      if (needed === undefined) missed.push(`event ${place.eventId} of ${place.workflow}`);
    }
    // Whoever ran it wants the figure, and the terminal leaves annotations out.
    process.stdout.write(`${events.length - missed.length} kills, ${events.length} events, ${runs} runs\n`);
    expect(missed).toEqual([]);
  });
});

/** Runs the employee until its worker was killed at this place; every run must end well. Gives how many it took. */
async function runsUntilKilled({ workflow, eventId }: SeenEvent): Promise<number | undefined> {
  for (let runs = 1; runs <= RUNS_PER_PLACE; runs += 1) {
    const run = await ground.run((event) => event.workflow === workflow && event.eventId === eventId);
    expect(run, `killed after event ${eventId} of ${workflow}`).toMatchObject({ status: 'completed', effects: run.expected });
    if (run.killedAfter) return runs;
  }
  return undefined;
}
