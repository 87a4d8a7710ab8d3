import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { UsageError } from '../exit-codes.ts';
import { jsonInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderSent } from './render-trigger.ts';

export const sendTrigger = verb({
  name: 'send',
  summary: 'ask for work in your own words: the supervisor chooses the employee',
  arguments: [['[text]', 'what is to be done']],
  options: [
    { flags: '--type <event>', description: 'send an event instead, such as slack.message, to whoever is subscribed to it' },
    { flags: '--payload <json>', description: 'what the run sees of it, as a JSON object' },
    { flags: '--employee <id>', description: 'leave nothing to choose: this employee starts' },
    { flags: '--skill <node>', description: 'with --employee: start at this skill', isRepeatable: true },
  ],
  makesSomething: true,
  examples: [
    `clancy triggers send 'Post a digest of the open questions in #support'`,
    `clancy triggers send --type slack.message --payload '{"channel_name": "billing", "channel": "C1", "ts": "1.2"}'`,
    'clancy triggers send --employee 4f3k9wz0h1c7m2v8x5tq6n0rda --skill channel_digest',
  ],
  input: z.strictObject({
    text: z.string().min(1).optional(),
    type: z.string().optional(),
    payload: jsonInput(jsonObjectSchema).optional(),
    employee: z.string().optional(),
    skill: z.array(z.string()).optional(),
  }),
  run: async ({ client, show, idempotencyKey }, { text, type, payload, employee, skill }) => {
    if (text === undefined && type === undefined && employee === undefined) {
      throw new UsageError('Say what is to be done, or use --type or --employee.');
    }
    if (skill !== undefined && employee === undefined) throw new UsageError('--skill belongs to --employee.');
    const trigger = {
      ...(text !== undefined && { text }),
      ...(type !== undefined && { type }),
      ...(payload !== undefined && { payload }),
      ...(employee !== undefined && { employee_id: employee }),
      ...(skill !== undefined && { entry_skills: skill }),
    };
    show(await client.triggers.send(trigger, idempotencyKey), renderSent);
  },
});
