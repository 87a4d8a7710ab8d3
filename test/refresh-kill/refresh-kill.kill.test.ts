import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGround, type Ground } from './rounds.ts';
import { play, tell } from './verdict.ts';

/** Rounds of eight concurrent calls on an expiring token, at two copies, one of which is killed in each. */
const ROUNDS = 500;

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
}, 300_000);
afterAll(() => ground.close());

it('kills during refreshes lose nothing at a provider that takes a used refresh token for a minute longer', async () => {
  ground.setLeeway(60_000);
  const verdict = await play(ground, ROUNDS);
  process.stdout.write(`\nWith a leeway: ${tell(verdict)}\n`);
  const { before, after, anywhere } = verdict.plans;
  expect([before.lost, after.lost, anywhere.lost]).toEqual([0, 0, 0]);
});

it('they lose what was decided and told to nobody else at one that revokes the grant of a token used twice', async () => {
  ground.setLeeway(0);
  const verdict = await play(ground, ROUNDS);
  process.stdout.write(`\nWithout a leeway: ${tell(verdict)}\n`);
  const { before, after } = verdict.plans;
  expect(before.lost).toBe(0);
  // By principle: the provider has ended the old token, and the only process that was told the new one is dead.
  expect(after.lost).toBe(after.kills);
});
