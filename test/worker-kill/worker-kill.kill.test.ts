import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKillGround, type KillGround } from './killed-runs.ts';

let ground: KillGround;

beforeAll(async () => {
  ground = await openKillGround();
});
afterAll(() => ground.close());

/** Parallel items record a few events more or less from run to run; a run may end before the last places are reached. */
const LEAST_SHARE_OF_KILLS = 0.9;

describe('a run whose worker is killed', () => {
  it('ends completed with each effect once, after every single event', async () => {
    const { events, ...undisturbed } = await ground.run(() => false);
    expect(undisturbed).toMatchObject({ status: 'completed', effects: undisturbed.expected });
    let kills = 0;
    for (const { workflow, eventId } of events) {
      const run = await ground.run((event) => event.workflow === workflow && event.eventId === eventId);
      expect(run, `killed after event ${eventId} of ${workflow}`).toMatchObject({ status: 'completed', effects: run.expected });
      if (run.killedAfter) kills += 1;
    }
    // Whoever ran it wants the figure, and the terminal leaves annotations out.
    process.stdout.write(`${kills} kills, ${events.length} events\n`);
    expect(kills).toBeGreaterThanOrEqual(Math.floor(events.length * LEAST_SHARE_OF_KILLS));
  });
});
