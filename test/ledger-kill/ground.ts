import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hubHarness, type HubHarness } from '../../connecthub/testing/harness.ts';
import { insist, type Call, type Heard, type Interruption, type State } from './caller.ts';
import { openCopies, type Copies, type Copy } from './copies.ts';
import { KINDS, type Kind, type Strategy } from './kinds.ts';
import { createPace, type Pace } from './pace.ts';
import { openSite, type Site } from './sites.ts';

/** Calls of a strategy that each kill meets: one held before its effect, one after it, and these anywhere. */
const FREE_CALLS = 4;
/** A process that has just started is slow: it answers so many calls undisturbed, and the last of them show its pace. */
const WARM_ROUNDS = 2;

/** A call, and how it ended for its caller. */
export interface EndedCall extends Call {
  readonly heard: Heard;
}

export interface KillGround {
  readonly harness: HubHarness;
  readonly copies: Copies;
  /** Kills one process while calls of these strategies are under way in it; the next process takes their repeats. */
  kill(strategies: readonly Strategy[]): Promise<void>;
  /** Every call that was begun, the newest last. */
  calls(): readonly Call[];
  /** Resolves when every caller has heard how its call ended. */
  ended(): Promise<EndedCall[]>;
  /** Makes a call again, by a caller whose copies live. */
  again(call: Call): Promise<Heard>;
  close(): Promise<void>;
}

/** Where calls of one kind are made: what is held, and what is free. */
interface Ground {
  readonly kind: Kind;
  readonly before: Site;
  readonly after: Site;
  readonly free: Site;
  readonly pace: Pace;
}

export async function openKillGround(options: { dist?: string; ahead: number }): Promise<KillGround> {
  const harness = await hubHarness();
  const dir = await mkdtemp(join(tmpdir(), 'clancy-ledger-kill-'));
  const copies = await openCopies({ ...options, env: harness.surroundings.env, owner: harness.owner, dir });
  const grounds: Ground[] = [];
  for (const kind of KINDS) {
    const [before, after, free] = [await openSite(harness, kind), await openSite(harness, kind), await openSite(harness, kind)];
    grounds.push({ kind, before, after, free, pace: createPace() });
  }
  const close = async () => {
    await copies.close();
    await harness.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { ...createKills(harness, copies, grounds), harness, copies, close };
}

type Look = Map<string, State>;

function createKills(
  harness: HubHarness,
  copies: Copies,
  grounds: Ground[],
): Pick<KillGround, 'kill' | 'calls' | 'ended' | 'again'> {
  const { sandbox } = harness.surroundings;
  const calls: Call[] = [];
  const open = new Set<string>();
  const looks = new Map<Copy, { killedAtMs: number; states: Promise<Look> }>();
  const ends: Promise<EndedCall>[] = [];
  let kills = 0;
  let fail: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined); // told to the next kill

  /** Only what was being called when a copy was killed may fail with it. */
  const lostOf =
    ({ callId }: Call) =>
    async (copy: Copy): Promise<Omit<Interruption, 'sentAtMs'>> => {
      const look = looks.get(copy);
      if (!look) throw new Error('a copy that nobody killed gave no answer');
      return { killedAtMs: look.killedAtMs, state: (await look.states).get(callId) };
    };

  function begin(site: Site): Promise<EndedCall> {
    const call: Call = { site, callId: site.office.callId(), tag: `tag-${calls.length + 1}.`, interruptions: [] };
    calls.push(call);
    open.add(call.callId);
    const end = insist(copies, call, lostOf(call)).then((heard) => {
      open.delete(call.callId);
      return { ...call, heard };
    });
    end.catch(fail);
    ends.push(end);
    return end;
  }

  async function warmUp({ free, pace }: Ground): Promise<void> {
    for (let round = 1; round <= WARM_ROUNDS; round += 1) {
      const timed = async () => {
        const startedAtMs = performance.now();
        await begin(free);
        if (round === WARM_ROUNDS) pace.add(performance.now() - startedAtMs);
      };
      await Promise.all(Array.from({ length: FREE_CALLS }, timed));
    }
  }

  /** Some while before `atMs`, at most as long as such a call takes. */
  async function beginBefore(atMs: number, { free, pace }: Ground): Promise<void> {
    await delay(Math.max(0, atMs - performance.now() - Math.random() * pace.spreadMs()));
    void begin(free);
  }

  /** With the copy gone, no other may touch the calls until it was seen where they stand. */
  async function look(copy: Copy): Promise<Look> {
    await copy.gone();
    const { rows } = await harness.owner.query<{ call_id: string; state: State }>(
      'select call_id, state from hub.call_keys where call_id = any ($1)',
      [[...open]],
    );
    return new Map(rows.map(({ call_id: callId, state }) => [callId, state]));
  }

  async function kill(strategies: readonly Strategy[]): Promise<void> {
    kills += 1;
    const chosen = strategies.map((strategy) => {
      const ofStrategy = grounds.filter(({ kind }) => kind.strategy === strategy);
      return ofStrategy[kills % ofStrategy.length]!;
    });
    await Promise.all([copies.ready(), ...chosen.map(warmUp)]);
    const barriers = await Promise.all(
      chosen.flatMap(({ kind: { method }, before, after }) => [
        sandbox.barrier({ team: before.office.team, method, after_effect: false }),
        sandbox.barrier({ team: after.office.team, method, after_effect: true }),
      ]),
    );
    for (const { before, after } of chosen) for (const site of [before, after]) void begin(site);
    await Promise.race([failed, Promise.all(barriers.map((barrier) => barrier.waitUntilHeld()))]);
    const atMs = performance.now() + Math.max(...chosen.map(({ pace }) => pace.spreadMs()));
    const free = chosen.flatMap((ground) => Array.from({ length: FREE_CALLS }, () => beginBefore(atMs, ground)));
    await Promise.all([...free, delay(atMs - performance.now())]);
    const killed = copies.replace();
    killed.kill();
    looks.set(killed, { killedAtMs: Date.now(), states: look(killed) });
    await looks.get(killed)?.states;
    await Promise.all(barriers.map((barrier) => barrier.release('drop')));
  }

  return {
    kill,
    calls: () => calls,
    ended: () => Promise.all(ends),
    again: async (call) => insist(copies, call, lostOf(call)),
  };
}
