import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderRun } from './render-run.ts';

export const cancelRun = verb({
  name: 'cancel',
  summary: 'ask a run to end; what it has done so far stays in its result',
  arguments: [['<run>', 'id of the run']],
  options: [{ flags: '--reason <text>', description: 'why, for those who look later' }],
  examples: ["clancy runs cancel emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00:00.000Z --reason 'wrong channel'"],
  input: z.strictObject({ run: idInput, reason: z.string().optional() }),
  run: async ({ client, show }, { run, reason }) => show(await client.runs.cancel(run, reason), renderRun),
});
