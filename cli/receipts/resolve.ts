import { z } from 'zod';
import { jsonSchema } from '../../contracts/json.ts';
import type { Resolution } from '../client/connecthub.ts';
import { UsageError } from '../exit-codes.ts';
import { idInput, jsonInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderReceipt } from './render-receipt.ts';

export const resolveReceipt = verb({
  name: 'resolve',
  summary: 'say whether a call happened of which nobody can tell; the waiting run goes on',
  arguments: [
    ['<call>', 'id of the call'],
    ['<answer>', 'happened (the run takes it as done) or did_not_happen (exactly one new attempt is made)'],
  ],
  options: [{ flags: '--result <json>', description: 'with happened: the result that the run goes on with' }],
  examples: [
    'clancy receipts resolve emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00Z:skill:post_digest:call:1 did_not_happen',
    `clancy receipts resolve emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00Z:skill:post_digest:call:1 happened --result '{"ts": "1749492000.000100"}'`,
  ],
  input: z.strictObject({
    call: idInput,
    answer: z.enum(['happened', 'did_not_happen'], 'happened or did_not_happen'),
    result: jsonInput(jsonSchema).optional(),
  }),
  run: async ({ client, show }, { call, answer, result }) => {
    if (answer === 'did_not_happen' && result !== undefined) throw new UsageError('What did not happen has no --result.');
    const resolution: Resolution =
      answer === 'happened' ? { resolution: answer, ...(result !== undefined && { result }) } : { resolution: answer };
    show(await client.receipts.resolve(call, resolution), renderReceipt);
  },
});
