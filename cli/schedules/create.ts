import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { NewSchedule } from '../client/schedules.ts';
import { UsageError } from '../exit-codes.ts';
import { idInput, jsonInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderSettings } from './render-schedule.ts';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export const createSchedule = verb({
  name: 'create',
  summary: 'let an employee run by itself at given times, in your name',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--cron <expression>', description: 'five fields: minute, hour, day of month, month, day of week' },
    { flags: '--at <hh:mm>', description: 'instead of --cron: a time of day', isRepeatable: true },
    { flags: '--on <day>', description: 'with --at: a day of the week (monday) or of the month (1 to 31)', isRepeatable: true },
    { flags: '--timezone <zone>', description: 'IANA name (UTC unless said otherwise)' },
    {
      flags: '--overlap <policy>',
      description: 'when an earlier run still goes on: skip, buffer_one, buffer_all, cancel_other or allow_all',
    },
    { flags: '--catch-up <seconds>', description: 'how late a run may start that Temporal was away for (3600)' },
    { flags: '--input <json>', description: 'the input of the runs as a JSON object' },
    { flags: '--note <text>', description: 'what the schedule is for' },
  ],
  makesSomething: true,
  examples: [
    `clancy schedules create 4f3k9wz0h1c7m2v8x5tq6n0rda --cron '0 9 * * 1-5' --timezone Europe/Berlin`,
    'clancy schedules create 4f3k9wz0h1c7m2v8x5tq6n0rda --at 09:00 --at 17:00 --on monday --on friday',
  ],
  input: z.strictObject({
    employee: idInput,
    cron: z.string().optional(),
    at: z.array(z.string().regex(/^\d{2}:\d{2}$/, 'expected hh:mm')).optional(),
    on: z.array(z.string()).optional(),
    timezone: z.string().optional(),
    overlap: z.string().optional(),
    catchUp: z.coerce.number('a number').int('a whole number').optional(),
    input: jsonInput(jsonObjectSchema).optional(),
    note: z.string().optional(),
  }),
  run: async ({ client, show, idempotencyKey }, { employee, cron, at, on, timezone, overlap, catchUp, input, note }) => {
    const schedule = {
      employee_id: employee,
      times: timesOf(cron, at, on),
      ...(timezone !== undefined && { timezone }),
      ...(overlap !== undefined && { overlap }),
      ...(catchUp !== undefined && { catch_up_seconds: catchUp }),
      ...(input !== undefined && { input }),
      ...(note !== undefined && { note }),
    };
    show(await client.schedules.create(schedule, idempotencyKey), renderSettings);
  },
});

function timesOf(cron: string | undefined, at: string[] | undefined, on: string[] = []): NewSchedule['times'] {
  if ((cron === undefined) === (at === undefined)) throw new UsageError('Use --cron or --at, one of them.');
  if (cron !== undefined) {
    if (on.length > 0) throw new UsageError('--on belongs to --at.');
    return { cron };
  }
  const daysOfWeek = on.filter((day) => DAYS.includes(day));
  const daysOfMonth = on.filter((day) => /^\d{1,2}$/.test(day)).map(Number);
  if (daysOfWeek.length + daysOfMonth.length < on.length) throw new UsageError('--on: monday to sunday, or 1 to 31.');
  return {
    calendar: {
      at: at ?? [],
      ...(daysOfWeek.length > 0 && { days_of_week: daysOfWeek }),
      ...(daysOfMonth.length > 0 && { days_of_month: daysOfMonth }),
    },
  };
}
