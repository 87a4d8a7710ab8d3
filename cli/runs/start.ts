import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { UsageError } from '../exit-codes.ts';
import { idInput, jsonInput, pairsInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { followRun } from './follow-run.ts';
import { renderAccepted } from './render-accepted.ts';

export const startRun = verb({
  name: 'start',
  summary: 'start a run of an active employee',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--set <name=value>', description: 'a text in the input of the run', isRepeatable: true },
    { flags: '--input <json>', description: 'the input of the run as a JSON object' },
    { flags: '--watch', description: 'follow the run to its end (with --json: NDJSON)' },
  ],
  makesSomething: true,
  examples: [
    'clancy runs start 4f3k9wz0h1c7m2v8x5tq6n0rda --watch',
    'clancy runs start 4f3k9wz0h1c7m2v8x5tq6n0rda --set topic=refunds',
    `clancy runs start 4f3k9wz0h1c7m2v8x5tq6n0rda --input '{"days": 7}' --idempotency-key digest-2025-06-09`,
  ],
  input: z.strictObject({
    employee: idInput,
    set: pairsInput.optional(),
    input: jsonInput(jsonObjectSchema).optional(),
    watch: z.boolean().default(false),
  }),
  run: async (session, { employee, set, input, watch }) => {
    if (set !== undefined && input !== undefined) throw new UsageError('Use --set or --input, not both.');
    const accepted = await session.client.runs.start(employee, input ?? set ?? {}, session.idempotencyKey);
    const print = watch ? session.showLine : session.show;
    print(accepted, (shown) => renderAccepted(shown, watch));
    if (watch) await followRun(session, accepted.run_id, undefined);
  },
});
