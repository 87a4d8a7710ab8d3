import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderRun } from './render-run.ts';

const RUN = 'emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00:00.000Z';

/** A verb that changes a run under way and shows it as it is then. */
function change(name: 'cancel' | 'terminate' | 'pause' | 'resume', summary: string, because: string) {
  return verb({
    name,
    summary,
    arguments: [['<run>', 'id of the run']],
    options: [{ flags: '--reason <text>', description: 'why, for those who look later' }],
    examples: [`clancy runs ${name} ${RUN} --reason '${because}'`],
    input: z.strictObject({ run: idInput, reason: z.string().optional() }),
    run: async ({ client, show }, { run, reason }) => show(await client.runs[name](run, reason), renderRun),
  });
}

export const cancelRun = change('cancel', 'ask a run to end; what it has done so far stays in its result', 'wrong channel');
export const terminateRun = change(
  'terminate',
  'end a run at once, when it does not end by itself; its result does not say what it did',
  'its worker is gone for good',
);
export const pauseRun = change(
  'pause',
  'hold a run: what is under way is let finish, nothing else is begun',
  'wait until the prices are right',
);
export const resumeRun = change('resume', 'let a paused run go on', 'the prices are right');
