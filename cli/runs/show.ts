import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderRun } from './render-run.ts';

export const showRun = verb({
  name: 'show',
  summary: 'show a run: its state, what it waits for, its result',
  arguments: [['<run>', 'id of the run']],
  examples: ['clancy runs show emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00:00.000Z'],
  input: z.strictObject({ run: idInput }),
  run: async ({ client, show }, { run }) => show(await client.runs.get(run), renderRun),
});
