import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { scopeOf } from '../http/scope.ts';
import { getRun, type GetRunDeps } from './get.ts';
import { listRuns, listRunsQuery, runPage, type ListRunsDeps } from './list.ts';
import { startRun, startRunBody, type StartRunDeps } from './start.ts';
import { runVerbRoutes, type RunVerbDeps } from './verb-routes.ts';
import { acceptedRunView, runIdSchema, runView } from './views.ts';

export type RunRouteDeps = StartRunDeps & RunVerbDeps & GetRunDeps & ListRunsDeps;

const params = z.strictObject({ run_id: runIdSchema });
const tags = ['runs'];

export function runRoutes(app: App, deps: RunRouteDeps): void {
  const read = { access: { principal: 'person', permission: 'runs.read' } } as const;
  const write = { access: { principal: 'person', permission: 'runs.write' } } as const;

  app.post(
    '/v1/employees/:employee_id/runs',
    {
      config: write,
      schema: {
        tags,
        summary: 'Start a run; it goes on in the background',
        params: z.strictObject({ employee_id: employeeIdSchema }),
        headers: idempotencyHeaders,
        body: startRunBody,
        response: { 202: acceptedRunView },
      },
    },
    async (request, reply) => {
      const answer = await startRun(deps, scopeOf(request), {
        employeeId: request.params.employee_id,
        key: idempotencyKeyOf(request),
        person: personOf(request),
        body: request.body,
      });
      const accepted = acceptedRunView.parse(answer.body);
      return reply.status(202).header('location', accepted.links.self).send(accepted);
    },
  );

  app.get(
    '/v1/runs',
    { config: read, schema: { tags, summary: 'List runs', querystring: listRunsQuery, response: { 200: runPage } } },
    async (request) => listRuns(deps, personOf(request).orgId, request.query),
  );

  app.get(
    '/v1/runs/:run_id',
    { config: read, schema: { tags, summary: 'Show a run, and what it waits on', params, response: { 200: runView } } },
    async (request) => getRun(deps, personOf(request).orgId, request.params.run_id),
  );

  runVerbRoutes(app, deps);
}
