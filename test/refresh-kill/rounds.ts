import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createOffice, type Office } from '../../connecthub/testing/office.ts';
import { hubHarness, type HubHarness } from '../../connecthub/testing/harness.ts';
import { openCopies, type Copies, type Copy, type Killed } from './copies.ts';
import type { Moment } from './gate.ts';
import { startJudge, type Judge } from './judge.ts';

/** When a copy is killed: at a moment of the judge's, or anywhere within the time that a refresh takes. */
export type Plan = Moment | 'anywhere';

/** What became of one expiry with eight callers at two copies, one of which was killed. */
export interface Round {
  readonly plan: Plan;
  /** The killed copy had begun the refresh and not recorded its end. */
  readonly ownerKilled: boolean;
  /** Decisions of the judge in this round, in their order. */
  readonly decisions: readonly string[];
  /** What the eight heard in the end: 200, or the code of a problem. */
  readonly answers: readonly (number | string)[];
  /** Of the connection at the end. */
  readonly status: string;
}

export interface Ground {
  round(plan: Plan, killed: Killed): Promise<Round>;
  /** How often a call that comes after a lost grant asks the judge again. */
  askAgain(): Promise<{ answer: number | string; decisions: number }>;
  /** A person connects the account again; gives the connection's id. */
  reconnect(): Promise<string>;
  readonly connectionId: string;
  /** How long the judge takes a refresh token that was used once; none at first. */
  setLeeway(ms: number): void;
  close(): Promise<void>;
}

const CALLERS = 8;
/** A refresh mostly takes less, begun by the call or not. */
const WITHIN_MS = 60;
const PUBLIC_URL = 'http://127.0.0.1:8081';

export async function openGround(): Promise<Ground> {
  const harness = await hubHarness();
  const { env: base } = harness.surroundings;
  const judge = await startJudge({
    client: { id: base['GMAIL_CLIENT_ID'] ?? '', secret: base['GMAIL_CLIENT_SECRET'] ?? '' },
    redirectUri: `${PUBLIC_URL}/oauth/callback/gmail`,
  });
  const env = { ...base, PUBLIC_URL, GMAIL_BASE_URL: judge.url, PROVIDER_LIMITS_FACTOR: '1000' };
  const hub = await harness.copy(env);
  const office = await createOffice({ ...harness, hub }, { provider: 'gmail', capabilities: ['gmail/email.search'] });
  const copies = await openCopies(env);
  const pair: [Copy, Copy] = [await copies.next(), await copies.next()];
  const parts: Parts = { harness, judge, office, copies, pair };
  return {
    connectionId: office.connectionId,
    round: (plan, killed) => playRound(parts, { plan, killed }),
    askAgain: async () => {
      const before = judge.decisions.length;
      const answer = await ask(parts, parts.pair[0]);
      return { answer: answer ?? 'gone', decisions: judge.decisions.length - before };
    },
    reconnect: () => office.connect(),
    setLeeway: judge.setLeeway,
    close: async () => {
      await copies.close();
      await judge.close();
      await harness.close();
    },
  };
}

interface Parts {
  harness: HubHarness;
  judge: Judge;
  office: Office;
  copies: Copies;
  pair: [Copy, Copy];
}

async function playRound(parts: Parts, { plan, killed }: { plan: Plan; killed: Killed }): Promise<Round> {
  const { harness, judge, office, copies, pair } = parts;
  const [victim, survivor] = randomInt(2) === 0 ? pair : [pair[1], pair[0]];
  await letTokenEnd(parts);
  const { rows } = await harness.owner.query<{ at: string }>('select clock_timestamp()::text as at');
  const decided = judge.decisions.length;
  const calls = await (plan === 'anywhere' ? killAnywhere : killAtGate)(parts, plan, { victim, survivor, killed });
  const ownerKilled = await hasLeft(parts, victim, rows[0]?.at ?? '');
  if (killed === 'whole') await passLease(parts, victim);
  const answers = await Promise.all(calls.map(async (call) => (await call) ?? (await ask(parts, survivor)) ?? 'gone'));
  parts.pair = [survivor, await copies.next()];
  const { rows: after } = await harness.owner.query<{ status: string }>('select status from hub.connections where org_id = $1', [
    office.orgId,
  ]);
  return { plan, ownerKilled, answers, decisions: judge.decisions.slice(decided), status: after[0]?.status ?? 'gone' };
}

interface Pair {
  victim: Copy;
  survivor: Copy;
  killed: Killed;
}

type Calls = Promise<number | string | undefined>[];

async function killAnywhere(parts: Parts, _plan: Plan, { victim, survivor, killed }: Pair): Promise<Calls> {
  const calls = Array.from({ length: CALLERS }, (_, n) => ask(parts, n % 2 === 0 ? victim : survivor));
  await delay(randomInt(WITHIN_MS));
  await victim.kill(killed);
  return calls;
}

/** Half of the callers make the victim begin; the others come while it is held at the judge. */
async function killAtGate(parts: Parts, plan: Plan, { victim, survivor, killed }: Pair): Promise<Calls> {
  const gate = parts.judge.gate.close(plan === 'before' ? 'before' : 'after');
  const first = Array.from({ length: CALLERS / 2 }, () => ask(parts, victim));
  await Promise.race([gate.held, neverHeld(first)]);
  const calls = [...first, ...Array.from({ length: CALLERS / 2 }, () => ask(parts, survivor))];
  await victim.kill(killed);
  // What the caller did not live to send whole is not decided.
  gate.open(plan === 'before' && killed === 'whole' ? 'drop' : 'go');
  return calls;
}

async function neverHeld(calls: Calls): Promise<never> {
  throw new Error(`no refresh came to the judge: ${JSON.stringify(await Promise.all(calls))}`);
}

/** 200 or a problem's code; undefined where the copy was killed. */
async function ask({ office }: Parts, copy: Copy): Promise<number | string | undefined> {
  // Kept nearly to its end, then another: many rounds last longer than one.
  const token = await office.agentTokenFor([...office.ticketClaims.capabilities]);
  try {
    const response = await fetch(`${copy.url}/proxy/gmail/email.search`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': office.callId(),
        'clancy-run-ticket': office.ticket,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ connection_id: office.connectionId, parameters: { query: 'in:inbox' } }),
    });
    const body = (await response.json()) as { code?: string };
    return response.status === 200 ? 200 : (body.code ?? response.status);
  } catch {
    return undefined;
  }
}

/** At the judge and in the row. */
async function letTokenEnd({ harness, judge, office }: Parts): Promise<void> {
  judge.endAccessTokens();
  await harness.owner.query(
    'update hub.connections set token_expires_at = now(), token_refresh_at = now(), refresh_until = null where org_id = $1',
    [office.orgId],
  );
}

/** Whether a copy began a refresh since then and recorded no end of it. */
async function hasLeft({ harness, office }: Parts, copy: Copy, since: string): Promise<boolean> {
  const { rows } = await harness.owner.query<{ action: string }>(
    `select action from hub.audit where org_id = $1 and source = $2 and at >= $3::timestamptz and action like 'connection.refresh%'`,
    [office.orgId, copy.owner, since],
  );
  const began = rows.filter(({ action }) => action === 'connection.refresh_begin').length;
  return began > rows.length - began;
}

/** The lease of a copy that is gone would be waited for: its time passes at once. */
async function passLease({ harness, office }: Parts, { owner }: Copy): Promise<void> {
  await harness.owner.query(
    `update hub.connections set refresh_until = now() - interval '1 second' where org_id = $1 and refresh_owner = $2`,
    [office.orgId, owner],
  );
}
