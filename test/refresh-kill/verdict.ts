import { expect } from 'vitest';
import type { Killed } from './copies.ts';
import type { Ground, Plan, Round } from './rounds.ts';

/** What many rounds came to. */
export interface Verdict {
  rounds: number;
  /** By where the copy was killed: how often it had the refresh under way, and how often the grant was lost. */
  plans: { [plan in Plan]: { kills: number; ownersKilled: number; lost: number } };
}

const PLANS: readonly Plan[] = ['before', 'anywhere', 'after', 'anywhere'];

/**
 * Plays rounds and holds each to the rule: all eight are served by one refresh, whatever became of the copy that had it
 * begun. Where its refresher is killed too, by two; and only then may a refresh that the provider had decided, and that was
 * not stored, cost the grant. The connection says so, the callers hear so, the old token was tried once, and nobody asks
 * again until a person has connected.
 */
export async function play(ground: Ground, rounds: number, killed: Killed = 'server'): Promise<Verdict> {
  const none = () => ({ kills: 0, ownersKilled: 0, lost: 0 });
  const verdict: Verdict = { rounds, plans: { before: none(), after: none(), anywhere: none() } };
  for (let n = 0; n < rounds; n += 1) {
    const round = await ground.round(PLANS[n % PLANS.length] ?? 'anywhere', killed);
    const isLost = round.status !== 'active';
    const plan = verdict.plans[round.plan];
    plan.kills += 1;
    if (round.ownerKilled) plan.ownersKilled += 1;
    if (isLost) plan.lost += 1;
    judge(round, killed);
    if (isLost) await connectAgain(ground);
    if ((n + 1) % 50 === 0) process.stdout.write(`${n + 1} of ${rounds} rounds\n`);
  }
  return verdict;
}

function judge(round: Round, killed: Killed): void {
  const { ownerKilled, decisions } = round;
  const isKept = round.status === 'active' || killed === 'server';
  const answers = round.answers.map(() => (isKept ? 200 : 'connection_needs_reauth'));
  const twice = killed === 'whole' && ownerKilled && decisions.length === 2;
  const expected = isKept
    ? { ...round, answers, decisions: twice ? ['granted', 'granted'] : ['granted'], status: 'active' }
    : { ...round, answers, decisions: ['granted', 'invalid_grant'], ownerKilled: true, status: 'needs_reauth' };
  expect(round).toEqual(expected);
}

async function connectAgain(ground: Ground): Promise<void> {
  expect(await ground.askAgain()).toEqual({ answer: 'connection_needs_reauth', decisions: 0 });
  expect(await ground.reconnect()).toBe(ground.connectionId);
}

/** For whoever runs it. */
export function tell({ rounds, plans }: Verdict): string {
  const lines = Object.entries(plans).map(
    ([plan, { kills, ownersKilled, lost }]) =>
      `  killed ${plan}: ${kills}, ${ownersKilled} at a refresh of theirs, ${lost} grants lost`,
  );
  return [`${rounds} rounds of 8 calls at 2 copies`, ...lines].join('\n');
}
