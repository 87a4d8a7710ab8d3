import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderNext, renderSchedule } from './render-schedule.ts';

const argument = ['<schedule>', 'id of the schedule'] as const;
const input = z.strictObject({ schedule: idInput });

export const showSchedule = verb({
  name: 'show',
  summary: 'show a schedule: its settings, its next and its latest times, what was left out',
  arguments: [argument],
  examples: ['clancy schedules show 4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4'],
  input,
  run: async ({ client, show }, { schedule }) => show(await client.schedules.get(schedule), renderSchedule),
});

export const nextTimes = verb({
  name: 'next',
  summary: 'show the next ten times of a schedule',
  arguments: [argument],
  examples: ['clancy schedules next 4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4'],
  input,
  run: async ({ client, show }, { schedule }) => {
    const { schedule_id, status, timezone, next_times } = await client.schedules.get(schedule);
    show({ schedule_id, status, timezone, next_times }, (next) =>
      next.next_times.length === 0 ? `None: the schedule is ${next.status}.` : renderNext(next),
    );
  },
});
