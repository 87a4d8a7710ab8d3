import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderApproval } from './render-approval.ts';

export const showApproval = verb({
  name: 'show',
  summary: 'show an approval: exactly what will run',
  arguments: [['<approval>', 'id of the approval']],
  examples: ['clancy approvals show 0b6f8a86-8c53-4a0e-9d6c-0d6f5a1f6f10'],
  input: z.strictObject({ approval: idInput }),
  run: async ({ client, show }, { approval }) => show(await client.approvals.get(approval), renderApproval),
});
