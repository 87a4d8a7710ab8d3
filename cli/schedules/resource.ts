import type { Resource } from '../resource.ts';
import { createSchedule } from './create.ts';
import { listSchedules } from './list.ts';
import { nextTimes, showSchedule } from './show.ts';
import { deleteSchedule, pauseSchedule, resumeSchedule, triggerSchedule } from './switch.ts';

export const schedulesResource: Resource = {
  name: 'schedules',
  summary: 'let employees run by themselves at given times',
  verbs: [createSchedule, listSchedules, showSchedule, nextTimes, pauseSchedule, resumeSchedule, triggerSchedule, deleteSchedule],
};
