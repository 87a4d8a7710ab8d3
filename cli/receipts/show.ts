import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderReceipt } from './render-receipt.ts';

export const showReceipt = verb({
  name: 'show',
  summary: 'show a receipt: who asked, for what, what was tried, what became of it',
  arguments: [['<call>', 'id of the call']],
  examples: ['clancy receipts show emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00Z:skill:post_digest:call:1'],
  input: z.strictObject({ call: idInput }),
  run: async ({ client, show }, { call }) => show(await client.receipts.get(call), renderReceipt),
});
