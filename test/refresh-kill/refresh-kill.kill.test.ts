import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGround, type Ground } from './rounds.ts';
import { play, tell } from './verdict.ts';

/** Rounds of eight concurrent calls on an expiring token, at two copies, one of which is killed in each. */
const ROUNDS = 500;
/** Where the refreshers are killed too, which is lost by principle: enough to see what is. */
const WHOLE_ROUNDS = 24;

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
}, 300_000);
afterAll(() => ground.close());

it('kills during refreshes lose nothing at a provider that revokes the grant of a token used twice', async () => {
  const verdict = await play(ground, ROUNDS);
  process.stdout.write(`\n${tell(verdict)}\n`);
  const { before, after, anywhere } = verdict.plans;
  expect([before.lost, after.lost, anywhere.lost]).toEqual([0, 0, 0]);
  expect(before.kills + after.kills + anywhere.kills).toBe(ROUNDS);
});

it('with their refreshers killed too they lose nothing where a used refresh token is taken for a minute longer', async () => {
  ground.setLeeway(60_000);
  const verdict = await play(ground, WHOLE_ROUNDS, 'whole');
  process.stdout.write(`\nRefreshers too, with a leeway: ${tell(verdict)}\n`);
  const { before, after, anywhere } = verdict.plans;
  expect([before.lost, after.lost, anywhere.lost]).toEqual([0, 0, 0]);
});

it('and what was decided and told to nobody else where it is not', async () => {
  ground.setLeeway(0);
  const verdict = await play(ground, WHOLE_ROUNDS, 'whole');
  process.stdout.write(`\nRefreshers too, without a leeway: ${tell(verdict)}\n`);
  const { before, after } = verdict.plans;
  expect(before.lost).toBe(0);
  // By principle: the provider has ended the old token, and the only process that was told the new one is dead.
  expect(after.lost).toBe(after.kills);
});
