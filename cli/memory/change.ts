import { z } from 'zod';
import type { Json } from '../../contracts/json.ts';
import { UsageError } from '../exit-codes.ts';
import { idInput, versionInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderMemory } from './render-memory.ts';

const ID = '0197a3c5-6b1e-7d7e-9d2f-3d1f0c1b2a34';
const argument = ['<memory>', 'id of the memory'] as const;
const sure = z.coerce.number('a number').min(0, '0 to 1').max(1, '0 to 1');
const days = z.coerce.number('a number').int('a whole number').min(1, '1 or more').max(3_650, '3650 at most');

/** JSON where it is some; anything else is a text. */
const valueInput = z.string().transform((text): Json => {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return text;
  }
});

const SURE_OPTION = { flags: '--confidence <n>', description: 'how sure it is, 0 to 1 (1)' };
const KIND_OPTION = { flags: '--kind <kind>', description: 'fact, preference, contact, event or state' };

export const addMemory = verb({
  name: 'add',
  summary: 'have something remembered, by everybody in the organisation unless said otherwise',
  arguments: [
    ['<key>', 'what it is found by, such as customer.acme.payment_terms'],
    ['<value>', 'a text, or JSON'],
  ],
  options: [
    { flags: '--employee <id>', description: 'remembered by this employee alone' },
    { flags: '--skill <node>', description: 'with --employee: by this skill of it alone' },
    KIND_OPTION,
    SURE_OPTION,
    { flags: '--expires-in <days>', description: 'forgotten after so many days' },
  ],
  makesSomething: true,
  examples: [
    `clancy memory add customer.acme.payment_terms '30 days'`,
    `clancy memory add report.length '{"words": 200}' --employee 4f3k9wz0h1c7m2v8x5tq6n0rda --kind preference`,
  ],
  input: z.strictObject({
    key: z.string().min(1),
    value: valueInput,
    employee: z.string().optional(),
    skill: z.string().optional(),
    kind: z.string().optional(),
    confidence: sure.optional(),
    expiresIn: days.optional(),
  }),
  run: async ({ client, show, idempotencyKey }, { key, value, employee, skill, kind, confidence, expiresIn }) => {
    if (skill !== undefined && employee === undefined) throw new UsageError('--skill belongs to --employee.');
    const memory = {
      scope: skill === undefined ? (employee === undefined ? 'organisation' : 'employee') : 'skill',
      ...(employee !== undefined && { employee_id: employee }),
      ...(skill !== undefined && { skill }),
      ...(kind !== undefined && { kind }),
      ...(confidence !== undefined && { confidence }),
      ...(expiresIn !== undefined && { expires_in_days: expiresIn }),
      key,
      value,
    };
    show(await client.memory.create(memory, idempotencyKey), ({ memory_id }) => `Remembered as ${memory_id}.`);
  },
});

export const correctMemory = verb({
  name: 'correct',
  summary: 'put something remembered right; from then on it is your word, which no run changes',
  arguments: [argument],
  options: [
    { flags: '--value <value>', description: 'a text, or JSON' },
    KIND_OPTION,
    SURE_OPTION,
    { flags: '--expires-in <days>', description: 'forgotten after so many days from now; "never" = not at all' },
    { flags: '--version <n>', description: 'only if this is still its version' },
  ],
  examples: [`clancy memory correct ${ID} --value '45 days'`, `clancy memory correct ${ID} --expires-in never`],
  input: z.strictObject({
    memory: idInput,
    value: valueInput.optional(),
    kind: z.string().optional(),
    confidence: sure.optional(),
    expiresIn: z.union([z.literal('never'), days], 'a number of days, or never').optional(),
    version: versionInput.optional(),
  }),
  run: async ({ client, show }, { memory, version, value, kind, confidence, expiresIn }) => {
    const correction = {
      ...(value !== undefined && { value }),
      ...(kind !== undefined && { kind }),
      ...(confidence !== undefined && { confidence }),
      ...(expiresIn !== undefined && { expires_in_days: expiresIn === 'never' ? null : expiresIn }),
    };
    if (Object.keys(correction).length === 0)
      throw new UsageError('Say what is to be corrected: --value, --kind, --confidence or --expires-in.');
    const { memory: known, etag } = await client.memory.getTagged(memory);
    if (version !== undefined && known.version !== version) throw new UsageError(`It is at version ${known.version} by now.`);
    show(await client.memory.correct(memory, correction, etag), renderMemory);
  },
});

export const forgetMemory = verb({
  name: 'forget',
  summary: 'have something forgotten, with all that it said before',
  arguments: [argument],
  examples: [`clancy memory forget ${ID}`],
  input: z.strictObject({ memory: idInput }),
  run: async ({ client, show }, { memory }) => {
    await client.memory.forget(memory);
    show({ memory_id: memory, forgotten: true }, () => `Forgotten: ${memory}.`);
  },
});
