import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKillGround, type KillGround } from './killed-runs.ts';

let ground: KillGround;

beforeAll(async () => {
  ground = await openKillGround();
});
afterAll(() => ground.close());

describe('a run whose worker is killed', () => {
  // A new worker takes seconds to start, so this is minutes of work on a busy machine.
  it('ends completed with each effect once, whatever kind of event was recorded last', { timeout: 900_000 }, async () => {
    const undisturbed = await ground.run(() => false);
    expect(undisturbed).toMatchObject({ status: 'completed', effects: undisturbed.expected });
    // Whatever the engine comes to record is covered by itself; these show that the list is not empty by mistake.
    const kinds = new Set(undisturbed.events.map(({ kind }) => kind));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'MarkerRecorded runSkillBurst(foreach)',
        'ChildWorkflowExecutionStarted',
        'ActivityTaskCompleted callCapability',
        'TimerFired wait',
        'ActivityTaskScheduled recordRunResult',
      ]),
    );
    for (const kind of kinds) {
      const run = await ground.run((event) => event.kind === kind);
      expect(run, `killed after ${kind}`).toMatchObject({ killedAfter: { kind }, status: 'completed', effects: run.expected });
    }
  });

  it('ends completed with each effect once when the provider has made an effect and not answered', async () => {
    const run = await ground.runHeld();
    expect(run).toMatchObject({ killedAfter: 'the effect', status: 'completed', effects: run.expected });
  });

  it('ends so too where its skills run inside its own workflow', { timeout: 300_000 }, async () => {
    const moments = ['MarkerRecorded runSkillBurst(foreach)', 'ActivityTaskCompleted callCapability', 'TimerFired wait'];
    for (const kind of moments) {
      const run = await ground.run((event) => event.kind === kind, 'inline');
      expect(run, `killed after ${kind}`).toMatchObject({ killedAfter: { kind }, status: 'completed', effects: run.expected });
      expect(new Set(run.events.map(({ workflow }) => workflow)).size).toBe(1);
    }
    const held = await ground.runHeld('inline');
    expect(held).toMatchObject({ status: 'completed', effects: held.expected });
  });
});
