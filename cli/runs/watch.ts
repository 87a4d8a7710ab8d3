import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { followRun } from './follow-run.ts';

export const watchRun = verb({
  name: 'watch',
  summary: 'follow a run to its end: a live tree on a terminal, a line per event elsewhere; exits with 5 unless it completed',
  arguments: [['<run>', 'id of the run']],
  options: [{ flags: '--after <id>', description: 'only what happened after this event (the id of a --json line)' }],
  examples: [
    'clancy runs watch emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00:00.000Z',
    `clancy runs watch emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00Z --json | jq -r '.event.kind // .status'`,
  ],
  input: z.strictObject({ run: idInput, after: z.string().optional() }),
  run: async (session, { run, after }) => followRun(session, run, after),
});
