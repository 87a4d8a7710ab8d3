import { expect } from 'vitest';
import { gatherEvidence } from './evidence.ts';
import type { KillGround } from './ground.ts';
import { wasInFlight, type JudgedCall, type Judgement } from './judgement.ts';
import { ledgerOf, sayWhatHappened } from './person.ts';

/** Every effect stands once, and its caller heard of that one and no other. */
export function expectOnce({ calls }: Pick<Judgement, 'calls'>): void {
  const wrong = calls.filter(({ effects, heard }) => effects.length !== 1 || !hasHeardOf(heard, effects[0]?.effectId));
  expect(wrong.map(describe)).toEqual([]);
}

/** Calls of the strategy `none`: whatever was under way waits for a person, and everything else stands once. */
export async function expectUnknown(ground: KillGround, { calls }: Judgement): Promise<JudgedCall[]> {
  const unknown = calls.filter(({ heard }) => heard.kind === 'unknown');
  const tags = unknown.map(({ tag }) => tag);
  const interrupted = calls.filter(wasInFlight).map(({ tag }) => tag);
  expect(tags).toEqual(expect.arrayContaining(interrupted));
  // A machine with more to do than it can lets a few time out besides, which nobody can know the end of either.
  expect(tags.length - interrupted.length).toBeLessThanOrEqual(calls.length / 200);
  expectOnce({ calls: calls.filter(({ heard }) => heard.kind !== 'unknown') });
  await expectUntouched(ground, unknown);
  // However often it is asked for.
  const again = await inBatches(unknown, (call) => ground.again(call));
  for (const heard of again) expect(heard).toEqual({ kind: 'unknown' });
  await expectUntouched(ground, unknown);
  return unknown;
}

/** One attempt, at most one request, and nobody's word. */
async function expectUntouched(ground: KillGround, unknown: readonly JudgedCall[]): Promise<void> {
  const evidenceOf = await gatherEvidence(ground);
  const ledger = await ledgerOf(ground.harness, unknown);
  const repeated = unknown.filter((call) => evidenceOf(call).requests.length > 1 || evidenceOf(call).effects.length > 1);
  expect(repeated.map(describe)).toEqual([]);
  const untouched = { state: 'unknown', attempts: 1, idempotency: 'none' };
  for (const { callId } of unknown) expect(ledger.get(callId)).toEqual(untouched);
}

/** People look at the provider and answer; what did not happen goes out once more, whoever and however many ask. */
export async function expectAnswered(ground: KillGround, unknown: readonly JudgedCall[]): Promise<void> {
  for (const call of unknown) await sayWhatHappened(call);
  const heard = await inBatches(unknown, (call) => Promise.all([ground.again(call), ground.again(call)]));
  const evidenceOf = await gatherEvidence(ground);
  const ledger = await ledgerOf(ground.harness, unknown);
  unknown.forEach((call, at) => {
    const { requests, effects } = evidenceOf(call);
    const isNew = call.effects.length === 0;
    expect([call.tag, effects.length, requests.length - call.requests.length]).toEqual([call.tag, 1, isNew ? 1 : 0]);
    expect(ledger.get(call.callId)).toMatchObject({ state: 'succeeded', attempts: isNew ? 2 : 1 });
    const told = { kind: 'succeeded', effectId: effects[0]?.effectId };
    expect(heard[at]).toEqual([told, told]);
  });
}

const AT_ONCE = 20;

async function inBatches<T>(calls: readonly JudgedCall[], work: (call: JudgedCall) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let from = 0; from < calls.length; from += AT_ONCE) {
    done.push(...(await Promise.all(calls.slice(from, from + AT_ONCE).map(work))));
  }
  return done;
}

const hasHeardOf = (heard: JudgedCall['heard'], effectId: string | undefined): boolean =>
  heard.kind === 'succeeded' && heard.effectId === effectId;

const describe = ({ tag, site, heard, effects, requests, interruptions }: JudgedCall) => ({
  tag,
  kind: `${site.kind.provider}/${site.kind.capability}`,
  heard,
  effects,
  requests,
  interruptions,
});
