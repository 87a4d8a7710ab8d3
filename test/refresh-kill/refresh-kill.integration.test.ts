import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGround, type Ground } from './rounds.ts';
import { play } from './verdict.ts';

/** A machine with more to do starts processes slowly. */
const PATIENCE_MS = 300_000;

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
}, PATIENCE_MS);
afterAll(() => ground.close());

it(
  'row 29: a copy that is killed during a refresh loses nothing: its refresher ends what it was at',
  async () => {
    const { plans } = await play(ground, 4);
    expect([plans.before, plans.after, plans.anywhere]).toMatchObject([
      { kills: 1, ownersKilled: 1, lost: 0 },
      { kills: 1, ownersKilled: 1, lost: 0 },
      { kills: 2, lost: 0 },
    ]);
  },
  PATIENCE_MS,
);

it(
  'row 29: with its refresher killed too it loses only what the provider had decided and nobody else was told',
  async () => {
    const { plans } = await play(ground, 4, 'whole');
    expect(plans.before).toEqual({ kills: 1, ownersKilled: 1, lost: 0 });
    expect(plans.after).toEqual({ kills: 1, ownersKilled: 1, lost: 1 });
  },
  PATIENCE_MS,
);

it(
  'row 29: and nothing at all with a provider that takes the old refresh token for a while longer',
  async () => {
    ground.setLeeway(60_000);
    const { plans } = await play(ground, 3, 'whole');
    expect(plans.after).toEqual({ kills: 1, ownersKilled: 1, lost: 0 });
    expect(plans.anywhere.lost + plans.before.lost).toBe(0);
  },
  PATIENCE_MS,
);
