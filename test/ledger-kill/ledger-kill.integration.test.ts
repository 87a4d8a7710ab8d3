import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKillGround, type KillGround } from './ground.ts';
import { judge, tell, type Judgement } from './judgement.ts';
import { STRATEGIES, type Strategy } from './kinds.ts';
import { expectAnswered, expectOnce, expectUnknown } from './verdicts.ts';

/** Each process has calls of all three strategies under way when it is killed. */
const KILLS = 12;

let ground: KillGround;
let judgementOf: (strategy: Strategy) => Judgement;
beforeAll(async () => {
  ground = await openKillGround({ ahead: 2 });
  for (let n = 0; n < KILLS; n += 1) await ground.kill(STRATEGIES);
  judgementOf = await judge(ground);
}, 600_000);
afterAll(() => ground.close());

describe('processes of ConnectHub killed with calls under way, another one taking the repeats', () => {
  it.each(['native', 'lookup'] as const)('%s: every effect stands once', (strategy) => {
    const judgement = judgementOf(strategy);
    tell(strategy, KILLS, judgement);
    expectOnce(judgement);
    expect(judgement.stages['on the wire']).toBeGreaterThan(0);
    expect(judgement.stages['effect made, not answered']).toBeGreaterThan(0);
  });

  it('none: what was in flight is unknown, is not repeated, and goes out once more where a person says that it did not happen', async () => {
    const judgement = judgementOf('none');
    tell('none', KILLS, judgement);
    const unknown = await expectUnknown(ground, judgement);
    expect(unknown.some(({ effects }) => effects.length === 0)).toBe(true);
    expect(unknown.some(({ effects }) => effects.length === 1)).toBe(true);
    await expectAnswered(ground, unknown);
  });
});
