import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';
import type { PageQuery } from './answers/page.ts';
import { scheduleAnswer, schedulePageAnswer, scheduleSummaryAnswer, triggeredAnswer } from './answers/schedules.ts';
import { path, send, type Service } from './http.ts';

export interface ScheduleQuery extends PageQuery {
  readonly employee_id?: string | undefined;
  readonly status?: string | undefined;
}

export interface NewSchedule {
  readonly employee_id: string;
  readonly times: { cron: string } | { calendar: { at: string[]; days_of_week?: string[]; days_of_month?: number[] } };
  readonly timezone?: string;
  readonly overlap?: string;
  readonly catch_up_seconds?: number;
  readonly input?: JsonObject;
  readonly note?: string;
}

/** `/v1/schedules`: when employees run by themselves. */
export function schedulesClient(api: Service) {
  const switchIt = (verb: 'pause' | 'resume') => (id: string, note?: string) =>
    send(api, {
      method: 'POST',
      path: path`/v1/schedules/${id}/${verb}`,
      body: note === undefined ? {} : { note },
      answer: scheduleSummaryAnswer,
    });
  return {
    create: (schedule: NewSchedule, idempotencyKey?: string) =>
      send(api, { method: 'POST', path: '/v1/schedules', body: schedule, idempotencyKey, answer: scheduleSummaryAnswer }),
    list: (query: ScheduleQuery = {}) => send(api, { path: '/v1/schedules', query: { ...query }, answer: schedulePageAnswer }),
    get: (id: string) => send(api, { path: path`/v1/schedules/${id}`, answer: scheduleAnswer }),
    pause: switchIt('pause'),
    resume: switchIt('resume'),
    trigger: (id: string, idempotencyKey?: string) =>
      send(api, { method: 'POST', path: path`/v1/schedules/${id}/trigger`, body: {}, idempotencyKey, answer: triggeredAnswer }),
    delete: async (id: string): Promise<void> => {
      await send(api, { method: 'DELETE', path: path`/v1/schedules/${id}`, answer: z.undefined() });
    },
  };
}
