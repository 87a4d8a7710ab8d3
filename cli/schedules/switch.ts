import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { fields } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';
import { renderSettings } from './render-schedule.ts';

const argument = ['<schedule>', 'id of the schedule'] as const;
const ID = '4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4';
const switchInput = z.strictObject({ schedule: idInput, note: z.string().optional() });

export const pauseSchedule = verb({
  name: 'pause',
  summary: 'stop a schedule until it is resumed; runs under way go on',
  arguments: [argument],
  options: [{ flags: '--note <text>', description: 'why, for those who look later' }],
  examples: [`clancy schedules pause ${ID} --note 'closed over the holidays'`],
  input: switchInput,
  run: async ({ client, show }, { schedule, note }) => show(await client.schedules.pause(schedule, note), renderSettings),
});

export const resumeSchedule = verb({
  name: 'resume',
  summary: 'let a schedule run again; one that has lost its owner becomes yours',
  arguments: [argument],
  options: [{ flags: '--note <text>', description: 'why, for those who look later' }],
  examples: [`clancy schedules resume ${ID}`],
  input: switchInput,
  run: async ({ client, show }, { schedule, note }) => show(await client.schedules.resume(schedule, note), renderSettings),
});

export const triggerSchedule = verb({
  name: 'trigger',
  summary: 'order one run of a schedule now, under its overlap policy',
  arguments: [argument],
  makesSomething: true,
  examples: [`clancy schedules trigger ${ID}`],
  input: z.strictObject({ schedule: idInput }),
  run: async ({ client, show, idempotencyKey }, { schedule }) =>
    show(await client.schedules.trigger(schedule, idempotencyKey), ({ nominal_time }) =>
      fields([
        ['Ordered for', formatInstant(nominal_time)],
        ['Follow', `clancy schedules show ${schedule}`],
      ]),
    ),
});

export const deleteSchedule = verb({
  name: 'delete',
  summary: 'end a schedule for good; runs under way go on',
  arguments: [argument],
  examples: [`clancy schedules delete ${ID}`],
  input: z.strictObject({ schedule: idInput }),
  run: async ({ client, show }, { schedule }) => {
    await client.schedules.delete(schedule);
    show({ schedule_id: schedule, status: 'deleted' }, () => 'Deleted.');
  },
});
