import { z } from 'zod';
import { UsageError } from '../exit-codes.ts';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderTrigger } from './render-trigger.ts';

export const decideTrigger = verb({
  name: 'decide',
  summary: 'choose the employee for a trigger that several fit, or dismiss it',
  arguments: [
    ['<trigger>', 'id of the trigger'],
    ['[employee]', 'id of the employee that is to start'],
  ],
  options: [{ flags: '--dismiss', description: 'nobody is to start' }],
  examples: [
    'clancy triggers decide 4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy triggers decide 4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4 --dismiss',
  ],
  input: z.strictObject({ trigger: idInput, employee: z.string().min(1).optional(), dismiss: z.boolean().default(false) }),
  run: async ({ client, show }, { trigger, employee, dismiss }) => {
    if (dismiss === (employee !== undefined)) throw new UsageError('Name an employee or use --dismiss, one of them.');
    const decision = employee === undefined ? ({ dismiss: true } as const) : { employee_id: employee };
    show(await client.triggers.decide(trigger, decision), renderTrigger);
  },
});
