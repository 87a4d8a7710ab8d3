import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { followRun } from './follow-run.ts';
import { renderAccepted } from './render-accepted.ts';

const RUN = 'emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00:00.000Z';

/** A verb that makes a run out of one that was. */
function make(name: 'retry' | 'run-again', call: 'retry' | 'runAgain', summary: string) {
  return verb({
    name,
    summary,
    arguments: [['<run>', 'id of the run']],
    options: [{ flags: '--watch', description: 'follow the new run to its end (with --json: NDJSON)' }],
    makesSomething: true,
    examples: [`clancy runs ${name} ${RUN} --watch`],
    input: z.strictObject({ run: idInput, watch: z.boolean().default(false) }),
    run: async (session, { run, watch }) => {
      const accepted = await session.client.runs[call](run, session.idempotencyKey);
      const print = watch ? session.showLine : session.show;
      print(accepted, (shown) => renderAccepted(shown, watch));
      if (watch) await followRun(session, accepted.run_id, undefined);
    },
  });
}

export const retryRun = make(
  'retry',
  'retry',
  'go on with a run that failed or was interrupted: effects that were made are not made again',
);
export const runAgain = make(
  'run-again',
  'runAgain',
  'start a run of the active version with the same input: all effects are made again',
);
