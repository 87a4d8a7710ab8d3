import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderTrigger } from './render-trigger.ts';

export const showTrigger = verb({
  name: 'show',
  summary: 'show a trigger: who was chosen, why, and who else was considered',
  arguments: [['<trigger>', 'id of the trigger']],
  examples: ['clancy triggers show 4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4'],
  input: z.strictObject({ trigger: idInput }),
  run: async ({ client, show }, { trigger }) => show(await client.triggers.get(trigger), renderTrigger),
});
