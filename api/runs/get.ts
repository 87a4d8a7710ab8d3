import type { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { triggerOfRun } from '../triggers/of-run.ts';
import { findRun } from './find.ts';
import { toRunView, type runView } from './views.ts';
import type { WaitingReader } from './waiting.ts';

export interface GetRunDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  waiting: WaitingReader;
  ui: UiLinks;
}

/**
 * A run as its row says, with what it waits on right now.
 * @throws ClancyError `not_found`
 */
export async function getRun(deps: GetRunDeps, orgId: string, runId: string): Promise<z.infer<typeof runView>> {
  const { run, trigger } = await deps.db.withOrgRead({ orgId }, async (tx) => ({
    run: await findRun(tx, runId),
    trigger: await triggerOfRun(tx, runId),
  }));
  return toRunView(run, await deps.waiting.of(run), deps.ui, trigger);
}
