import type { Client } from '@temporalio/client';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { makeCallId } from '../../contracts/ids.ts';
import { DEFAULT_BUDGET, DEFAULT_QUOTA } from '../../contracts/policy.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import type { SandboxClient } from '../../dev/sandbox/client.ts';
import type { Stack } from '../../dev/stack/start-stack.ts';
import { connectSlack } from '../../test/stack/connect-slack.ts';
import { hireWith } from '../../test/stack/hire.ts';
import { waitingEmployee } from '../employees.ts';
import { openRun, type OpenRun } from '../open-run.ts';

/** An organisation with a connected workspace and a run that is open throughout: whose calls are measured. */
export interface Office {
  readonly orgId: string;
  readonly team: string;
  /** The workspace's own token, which only ConnectHub holds outside of this benchmark. */
  readonly slackToken: string;
  readonly run: OpenRun;
  /** A call id of the run that was not used before. */
  readonly nextCallId: () => string;
  /** Asks ConnectHub as one of its people would. */
  readonly client: ClancyClient;
  readonly personToken: () => Promise<string>;
}

export interface OfficeDeps {
  readonly stack: Stack;
  readonly sandbox: SandboxClient;
  readonly temporal: Client;
  readonly personOf: (orgId: string) => { readonly client: ClancyClient; readonly token: () => Promise<string> };
}

/** More than any benchmark makes. */
const PLENTY = 100_000_000;
/** The floor's calls and these are numbered apart where they are of one run. */
const FIRST_CALL = 100_000;

/** Hires and connects in one organisation, and opens the run. */
export async function openOffice({ stack, sandbox, temporal, personOf }: OfficeDeps, orgId: string): Promise<Office> {
  const { client, token } = personOf(orgId);
  const team = await connectSlack(client, sandbox);
  const employeeId = await hireWith(client, stack.databases.owner, waitingEmployee);
  await liftLimits(stack.databases.owner, orgId, employeeId);
  const run = await openRun({ client, temporal, stack, employeeId });
  const held = (await sandbox.tokens()).find((one) => one.team === team && one.kind === 'access' && one.state === 'live');
  if (!held) throw new Error('the sandbox has issued no token');
  let calls = FIRST_CALL;
  const nextCallId = (): string => makeCallId({ skillRun: run.skillRun, items: [], n: (calls += 1) });
  return { orgId, team, slackToken: held.value, run, nextCallId, client, personToken: token };
}

/** Budgets and quotas are looked at and counted as ever, and are no limit here. */
async function liftLimits(ownerUrl: string, orgId: string, employeeId: string): Promise<void> {
  const budget = { ...DEFAULT_BUDGET, effects_per_run: PLENTY, effects_per_day: PLENTY };
  const { calls_at_once: atOnce } = DEFAULT_QUOTA;
  await withClient(ownerUrl, async (owner) => {
    await owner.query(`insert into authz.budgets (org_id, employee_id, budget, set_by) values ($1, $2, $3, 'bench')`, [
      orgId,
      employeeId,
      JSON.stringify(budget),
    ]);
    await owner.query(
      `insert into authz.quotas (org_id, effects_per_day, calls_per_minute, calls_at_once, set_by) values ($1, $2, 1000000, $3, 'bench')`,
      [orgId, PLENTY, atOnce],
    );
  });
}
