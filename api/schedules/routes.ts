import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { scopeOf } from '../http/scope.ts';
import { createSchedule, createScheduleBody, type ScheduleDeps } from './create.ts';
import type { ScheduleRow } from './find.ts';
import { getSchedule, type GetScheduleDeps } from './get.ts';
import { listSchedules, listSchedulesQuery, schedulePage, type ListSchedulesDeps } from './list.ts';
import { deleteSchedule, pauseSchedule, resumeSchedule, switchBody } from './switch.ts';
import { triggeredView, triggerSchedule } from './trigger.ts';
import { updateSchedule, updateScheduleBody } from './update.ts';
import { etagOf, scheduleIdSchema, scheduleSummary, scheduleView, toScheduleSummary } from './views.ts';

export type ScheduleRouteDeps = ScheduleDeps & GetScheduleDeps & ListSchedulesDeps;

const params = z.strictObject({ schedule_id: scheduleIdSchema });
const tags = ['schedules'];
const PATH = '/v1/schedules/:schedule_id';

/** Whoever may start runs may have them started. */
export function scheduleRoutes(app: App, deps: ScheduleRouteDeps): void {
  const read = { access: { principal: 'person', permission: 'runs.read' } } as const;
  const write = { access: { principal: 'person', permission: 'runs.write' } } as const;
  const answer = (row: ScheduleRow) => [etagOf(row), toScheduleSummary(row, deps)] as const;

  app.post(
    '/v1/schedules',
    {
      config: write,
      schema: {
        tags,
        summary: 'Let an employee run by itself at given times',
        headers: idempotencyHeaders,
        body: createScheduleBody,
        response: { 201: scheduleSummary },
      },
    },
    async (request, reply) => {
      const asked = { key: idempotencyKeyOf(request), body: request.body };
      const created = scheduleSummary.parse((await createSchedule(deps, scopeOf(request), asked)).body);
      return reply.status(201).header('location', created.links.self).send(created);
    },
  );

  app.get(
    '/v1/schedules',
    {
      config: read,
      schema: { tags, summary: 'List schedules', querystring: listSchedulesQuery, response: { 200: schedulePage } },
    },
    async (request) => listSchedules(deps, personOf(request).orgId, request.query),
  );

  app.get(
    PATH,
    {
      config: read,
      schema: { tags, summary: 'Show a schedule, its next and its latest times', params, response: { 200: scheduleView } },
    },
    async (request, reply) => {
      const { row, view } = await getSchedule(deps, personOf(request).orgId, request.params.schedule_id);
      return reply.header('etag', etagOf(row)).send(view);
    },
  );

  app.patch(
    PATH,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a schedule',
        params,
        headers: z.looseObject({ 'if-match': z.string().optional() }),
        body: updateScheduleBody,
        response: { 200: scheduleSummary },
      },
    },
    async (request, reply) => {
      const [etag, view] = answer(
        await updateSchedule(deps, scopeOf(request), {
          scheduleId: request.params.schedule_id,
          ifMatch: request.headers['if-match'],
          body: request.body,
        }),
      );
      return reply.header('etag', etag).send(view);
    },
  );

  for (const [verb, summary, change] of [
    ['pause', 'Stop a schedule until it is resumed', pauseSchedule],
    ['resume', 'Let a schedule run again', resumeSchedule],
  ] as const) {
    app.post(
      `${PATH}/${verb}`,
      { config: write, schema: { tags, summary, params, body: switchBody.nullish(), response: { 200: scheduleSummary } } },
      async (request, reply) => {
        const asked = { scheduleId: request.params.schedule_id, note: request.body?.note };
        const [etag, view] = answer(await change(deps, scopeOf(request), asked));
        return reply.header('etag', etag).send(view);
      },
    );
  }

  app.post(
    `${PATH}/trigger`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Order one run of a schedule now',
        params,
        headers: idempotencyHeaders,
        response: { 202: triggeredView },
      },
    },
    async (request, reply) => {
      const asked = { scheduleId: request.params.schedule_id, key: idempotencyKeyOf(request) };
      const ordered = triggeredView.parse((await triggerSchedule(deps, scopeOf(request), asked)).body);
      return reply.status(202).header('location', ordered.links.schedule).send(ordered);
    },
  );

  app.delete(
    PATH,
    { config: write, schema: { tags, summary: 'End a schedule for good', params, response: { 204: z.null() } } },
    async (request, reply) => {
      await deleteSchedule(deps, scopeOf(request), request.params.schedule_id);
      return reply.status(204).send(null);
    },
  );
}
