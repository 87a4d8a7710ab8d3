import { withClient } from '../../dev/postgres/databases.ts';
import type { Child } from '../../dev/processes/spawn-child.ts';
import type { Progress } from '../../dev/progress.ts';
import { startService } from '../../dev/stack/child-service.ts';
import type { Environment } from '../../dev/stack/environment.ts';
import type { Stack } from '../../dev/stack/start-stack.ts';
import { CHANNEL } from '../employees.ts';
import type { OpenRun } from '../open-run.ts';
import { FLOOR_TABLE, makeFloorTable } from './table.ts';

export interface FloorOptions {
  readonly stack: Pick<Stack, 'databases' | 'urls' | 'temporal' | 'dir'>;
  /** The floor's calls are calls of this run. */
  readonly run: OpenRun;
  /** Besides those that the floor reads. */
  readonly extra: Environment;
  readonly log: Progress;
}

/** Starts the floor's worker, a process like our own, and makes its table. */
export async function startFloor({ stack, run, extra, log }: FloorOptions): Promise<Child> {
  await withClient(stack.databases.owner, makeFloorTable);
  return startService({
    name: 'bench-floor',
    env: {
      CLANCY_MODE: 'development',
      TEMPORAL_ADDRESS: stack.temporal.address,
      TEMPORAL_NAMESPACE: stack.temporal.namespace,
      DATABASE_URL: stack.databases.owner,
      CONNECTHUB_URL: stack.urls.connecthub,
      CHANNEL,
      SKILL_RUN: run.skillRun,
      RUN_TICKET: run.ticket,
      AGENT_TOKEN: run.agentToken,
      CONNECTION_ID: run.connectionId,
      ...extra,
    },
    dir: stack.dir,
    log,
  });
}

/** How many rows the floor has written. */
export function floorRows(ownerUrl: string): Promise<number> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(`select count(*) as count from ${FLOOR_TABLE}`);
    return Number(rows[0]?.count);
  });
}
