import { Client } from 'pg';
import { z } from 'zod';
import { withClient } from '../../dev/postgres/databases.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import type { BarrierHandle, SandboxClient } from '../../dev/sandbox/client.ts';
import { post } from '../faults/one-skill.ts';
import type { Site } from '../faults/site.ts';

/** Where a post stands when ConnectHub dies. */
export type Point = 'before the effect' | 'before the answer' | 'before the outcome is recorded';

export interface HeldRun {
  readonly site: Site;
  readonly runId: string;
  /** Lets everything go that held the call, whose ConnectHub is dead by now. */
  letGo(): Promise<void>;
}

/** Starts a run with one post and holds ConnectHub at a point of it. */
export async function holdRun(
  world: { sandbox: SandboxClient; ownerUrl: string },
  site: Site,
  point: Point,
  isolation: 'child' | 'inline',
): Promise<HeldRun> {
  const { team } = site;
  const barrier = await world.sandbox.barrier({ team, method: 'chat.postMessage', after_effect: point !== 'before the effect' });
  const runId = await site.start({ nodes: [post(`Once, ${point}.`)], isolation });
  await barrier.waitUntilHeld();
  if (point !== 'before the outcome is recorded') return { site, runId, letGo: () => barrier.release('drop') };
  return { site, runId, letGo: await answerUnrecorded(world.ownerUrl, site, barrier) };
}

/** Gives ConnectHub its answer while the call's row is locked: it stands in the update that would record the outcome. */
async function answerUnrecorded(ownerUrl: string, { org }: Site, barrier: BarrierHandle): Promise<() => Promise<void>> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  const { pid } = z.object({ pid: z.int() }).parse((await owner.query('select pg_backend_pid() as pid')).rows[0]);
  // The statement that stands before the lock would be carried out although its process is dead: as if that had sent it in time.
  const letGo = async () => {
    await withClient(ownerUrl, (client) => client.query(END_RECORDING, [pid]));
    await owner.end(); // which rolls back
  };
  try {
    await owner.query('begin');
    const locked = await owner.query(LOCK, [org.orgId]);
    if (locked.rowCount !== 1) throw new Error(`${locked.rowCount} calls in flight where one was held`);
    await barrier.release('answer');
    // On another connection: within a transaction the view stands still.
    const isRecording = () => withClient(ownerUrl, async (client) => (await client.query(RECORDING, [pid])).rowCount === 1);
    await waitUntil(isRecording, { timeoutMs: 20_000, everyMs: 100, what: 'ConnectHub to record the outcome' });
    return letGo;
  } catch (error) {
    await letGo();
    throw error;
  }
}

const LOCK = `select 1 from hub.call_keys where org_id = $1 and state = 'in_flight' for update`;
const BLOCKED = `from pg_stat_activity where $1 = any (pg_blocking_pids(pid))
  and (query like 'update "hub"."call_keys"%' or query like '%hub.finish_call%')`;
const RECORDING = `select 1 ${BLOCKED}`;
const END_RECORDING = `select pg_terminate_backend(pid) ${BLOCKED}`;
