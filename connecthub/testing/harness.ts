import { Client } from 'pg';
import { settleStaleCalls } from '../proxy/settle.ts';
import { createOffice, type Office, type OfficeOptions } from './office.ts';
import { startCopy, type HubCopy, type WholeCopy } from './hub-copy.ts';
import { startSurroundings, type Surroundings } from './surroundings.ts';

export interface HubHarness {
  readonly hub: WholeCopy;
  readonly surroundings: Surroundings;
  /** Superuser: sees all organisations. */
  readonly owner: Client;
  /** Everything that was logged and answered so far: what a leak test searches. */
  readonly traces: string[];
  /** Another copy over the same database, with other variables where they are given. */
  copy(env?: { [variable: string]: string }): Promise<WholeCopy>;
  /** An organisation with a connected workspace, an employee with grants, and an open run. */
  office(options?: OfficeOptions): Promise<Office>;
  /** Lets the time of a call that is in flight or being settled, and of a provider's limit, pass; settles what is due, in this copy. */
  passTime(orgId: string, settler?: HubCopy): Promise<void>;
  close(): Promise<void>;
}

/** ConnectHub over a real database, real verifiers and the provider sandbox, for tests of this and other folders. */
export async function hubHarness(): Promise<HubHarness> {
  const surroundings = await startSurroundings();
  const traces: string[] = [];
  const owner = new Client({ connectionString: surroundings.database.ownerUrl });
  await owner.connect();
  const copies: HubCopy[] = [];
  const copy = async (env: { [variable: string]: string } = {}): Promise<WholeCopy> => {
    const made = await startCopy({ ...surroundings, env: { ...surroundings.env, ...env } }, traces);
    copies.push(made);
    return made;
  };
  const hub = await copy();
  return {
    hub,
    surroundings,
    owner,
    traces,
    copy,
    office: (options) => createOffice({ hub, surroundings, owner }, options),
    passTime: async (orgId, settler = hub) => {
      await elapse(owner, orgId);
      await settleStaleCalls(settler.parts, 100);
      await elapse(owner, orgId);
      await settleStaleCalls(settler.parts, 100);
    },
    close: async () => {
      await Promise.all(copies.map((one) => one.close()));
      await owner.end();
      await surroundings.close();
    },
  };
}

/** Times in the ledger are the database's: an hour passes by moving them back. */
async function elapse(owner: Client, orgId: string): Promise<void> {
  await owner.query(
    `update hub.call_keys set deadline = deadline - interval '10 minutes', settle_after = settle_after - interval '10 minutes'
     where org_id = $1 and state in ('in_flight', 'maybe')`,
    [orgId],
  );
  await owner.query(`update hub.provider_limits set until = until - interval '10 minutes' where org_id = $1`, [orgId]);
}
