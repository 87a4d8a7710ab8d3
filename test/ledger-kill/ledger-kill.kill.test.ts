import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, type BuiltDist } from '../production/staging.ts';
import { openKillGround, type KillGround } from './ground.ts';
import { judge, tell, type Judgement } from './judgement.ts';
import { STRATEGIES, type Strategy } from './kinds.ts';
import { STAGES } from './stages.ts';
import { expectAnswered, expectOnce, expectUnknown } from './verdicts.ts';

/** Processes killed, each with calls of all three strategies under way: so many kills per strategy. */
const KILLS = 300;

let built: BuiltDist & { remove(): Promise<void> };
let ground: KillGround;
let judgementOf: (strategy: Strategy) => Judgement;
beforeAll(async () => {
  // As production runs it, which also starts in half the time.
  built = await build();
  ground = await openKillGround({ dist: built.dist, ahead: 3 });
  for (let n = 1; n <= KILLS; n += 1) {
    await ground.kill(STRATEGIES);
    if (n % 25 === 0) process.stdout.write(`${n} of ${KILLS} processes killed\n`);
  }
  judgementOf = await judge(ground);
}, 3_600_000);
afterAll(async () => {
  await ground.close();
  await built.remove();
});

describe('processes of ConnectHub killed with calls under way, another one taking the repeats', () => {
  it.each(STRATEGIES)('%s: they are killed at every stage of a call', (strategy) => {
    const judgement = judgementOf(strategy);
    tell(strategy, KILLS, judgement);
    for (const stage of STAGES) expect([stage, judgement.stages[stage] > 0]).toEqual([stage, true]);
  });

  it.each(['native', 'lookup'] as const)('%s: no effect is doubled, none is lost', (strategy) => {
    expectOnce(judgementOf(strategy));
  });

  it('none: what was in flight is unknown, is not repeated, and goes out once more where a person says that it did not happen', async () => {
    await expectAnswered(ground, await expectUnknown(ground, judgementOf('none')));
  });
});
