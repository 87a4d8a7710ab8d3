import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { employeeIdSchema, versionSchema } from '../employees/views.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { scopeOf } from '../http/scope.ts';
import { acceptedRunView, runIdSchema } from '../runs/views.ts';
import { rehearse, rehearseBody, type RehearseDeps } from './rehearse.ts';
import { rehearsalView, showRehearsal, type ShowRehearsalDeps } from './show.ts';

export type RehearsalRouteDeps = RehearseDeps & ShowRehearsalDeps;

const tags = ['rehearsals'];
const acceptedRehearsalView = acceptedRunView.extend({
  /** The rehearsal of the active version that it is compared with. */
  baseline_run_id: z.string().nullable(),
  links: acceptedRunView.shape.links.extend({ rehearsal: z.string() }),
});

export function rehearsalRoutes(app: App, deps: RehearsalRouteDeps): void {
  app.post(
    '/v1/employees/:employee_id/versions/:version/rehearse',
    {
      // Whoever may put a version to work may let it read first.
      config: { access: { principal: 'person', permission: 'employees.activate' } },
      schema: {
        tags,
        summary: 'Run a version without changing anything, to see what it would do',
        params: z.strictObject({ employee_id: employeeIdSchema, version: versionSchema }),
        headers: idempotencyHeaders,
        body: rehearseBody,
        response: { 202: acceptedRehearsalView },
      },
    },
    async (request, reply) => {
      const answer = await rehearse(deps, scopeOf(request), {
        employeeId: request.params.employee_id,
        version: request.params.version,
        bearer: request.bearer ?? '',
        key: idempotencyKeyOf(request),
        person: personOf(request),
        body: request.body,
      });
      const accepted = acceptedRehearsalView.parse(answer.body);
      return reply.status(202).header('location', accepted.links.rehearsal).send(accepted);
    },
  );

  app.get(
    '/v1/runs/:run_id/rehearsal',
    {
      config: { access: { principal: 'person', permission: 'runs.read' } },
      schema: {
        tags,
        summary: 'What a rehearsal would have done, against what the active version would do',
        params: z.strictObject({ run_id: runIdSchema }),
        response: { 200: rehearsalView },
      },
    },
    async (request) =>
      showRehearsal(deps, personOf(request).orgId, { runId: request.params.run_id, bearer: request.bearer ?? '' }),
  );
}
