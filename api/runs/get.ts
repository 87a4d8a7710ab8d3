import type { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { memoriesOfRun, showMemories } from '../memory/of-run.ts';
import { triggerOfRun } from '../triggers/of-run.ts';
import { findRun } from './find.ts';
import { toRunView, type runView } from './views.ts';
import type { WaitingReader } from './waiting.ts';

export interface GetRunDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  waiting: WaitingReader;
  ui: UiLinks;
  secrets: Pick<SecretBox, 'open'>;
}

/**
 * A run as its row says, with what it waits on right now, what it was given to know and what it taught.
 * @throws ClancyError `not_found`
 */
export async function getRun(deps: GetRunDeps, orgId: string, runId: string): Promise<z.infer<typeof runView>> {
  const { run, trigger, memories } = await deps.db.withOrgRead({ orgId }, async (tx) => {
    const found = await findRun(tx, runId);
    return { run: found, trigger: await triggerOfRun(tx, runId), memories: await memoriesOfRun(tx, found) };
  });
  const memory = await showMemories(deps.secrets, memories);
  return { ...toRunView(run, await deps.waiting.of(run), deps.ui, trigger), memory };
}
