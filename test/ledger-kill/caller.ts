import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Copies, Copy } from './copies.ts';
import type { Site } from './sites.ts';

/** What the ledger says of a call. */
export type State = 'in_flight' | 'maybe' | 'unknown' | 'refused' | 'succeeded';

/** A try whose copy died before it answered. */
export interface Interruption {
  readonly sentAtMs: number;
  readonly killedAtMs: number;
  /** Where the call stood in the ledger then; undefined: nowhere. */
  readonly state: State | undefined;
}

/** A call and everything that its caller has met. */
export interface Call {
  readonly site: Site;
  readonly callId: string;
  /** Tells its effect from all others. */
  readonly tag: string;
  readonly interruptions: Interruption[];
}

/** What a caller hears in the end. */
export type Heard = { kind: 'succeeded'; effectId: string } | { kind: 'unknown' };

const problemSchema = z.looseObject({ code: z.string() });
const successSchema = z.looseObject({ status: z.literal('succeeded'), provider_effect_id: z.string() });

/** Answers after which a worker repeats the same call. */
const PASSING = new Set([
  'call_in_flight',
  'call_settling',
  'provider_unavailable',
  'provider_rate_limited',
  'dependency_unavailable',
]);

/**
 * Makes a call as a worker does: with the same id, parameters and ticket, again after the time that it is told, at
 * whatever copy there is, until there is an answer that stands.
 *
 * @param lost what there is to know of a copy that died with the call; the call is repeated once that is known
 */
export async function insist(
  copies: Copies,
  call: Call,
  lost: (copy: Copy) => Promise<Omit<Interruption, 'sentAtMs'>>,
): Promise<Heard> {
  for (;;) {
    const copy = copies.current();
    const sentAtMs = Date.now();
    const answer = await send(copy, call).catch(() => undefined);
    if (!answer) {
      call.interruptions.push({ sentAtMs, ...(await lost(copy)) });
      continue;
    }
    const { status, json, retryAfterS } = answer;
    if (status === 200) return { kind: 'succeeded', effectId: successSchema.parse(json).provider_effect_id };
    const { code } = problemSchema.parse(json);
    if (code === 'outcome_unknown') return { kind: 'unknown' };
    if (!PASSING.has(code)) throw new Error(`${call.tag} was answered ${status}: ${JSON.stringify(json)}`);
    await delay(retryAfterS * 1_000);
  }
}

async function send({ url }: Copy, { site, callId, tag }: Call) {
  const { kind, office } = site;
  const token = await site.token();
  const answer = await fetch(new URL(`/proxy/${kind.provider}/${kind.capability}`, url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': callId,
      'clancy-run-ticket': office.ticket,
    },
    body: JSON.stringify({ connection_id: office.connectionId, parameters: kind.parameters(tag) }),
  });
  const json: unknown = await answer.json();
  return { status: answer.status, json, retryAfterS: Number(answer.headers.get('retry-after') ?? 1) };
}
