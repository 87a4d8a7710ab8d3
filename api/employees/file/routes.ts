import { z } from 'zod';
import { personOf } from '../../../platform/http/access.ts';
import type { App } from '../../../platform/http/server.ts';
import { idempotencyHeaders } from '../../http/headers.ts';
import { idempotencyKeyOf } from '../../http/idempotency.ts';
import { scopeOf } from '../../http/scope.ts';
import type { CreateEmployeeDeps } from '../create.ts';
import { employeeIdSchema, importedEmployeeView, versionSchema } from '../views.ts';
import { MAX_FILE_BYTES } from './employee-file.ts';
import { exportVersion } from './export.ts';
import { importEmployee, importQuery } from './import.ts';

const tags = ['employees'];
const YAML = 'application/yaml';

/** An employee as one file of YAML (RFC 9512), there and back. */
export function employeeFileRoutes(app: App, deps: CreateEmployeeDeps): void {
  app.get(
    '/v1/employees/:employee_id/versions/:version/export',
    {
      config: { access: { principal: 'person', permission: 'employees.read' } },
      schema: {
        tags,
        summary: 'A version as one YAML file, to be reviewed, kept and imported',
        params: z.strictObject({ employee_id: employeeIdSchema, version: versionSchema }),
        response: { 200: z.string().describe('application/yaml') },
      },
    },
    async (request, reply) => {
      const { employee_id: employeeId, version } = request.params;
      const text = await exportVersion(deps, personOf(request).orgId, employeeId, version);
      const name = `attachment; filename="${employeeId}_v${version}.yaml"`;
      return reply.type(`${YAML}; charset=utf-8`).header('content-disposition', name).serializer(String).send(text);
    },
  );

  void app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    const types = [YAML, 'application/x-yaml', 'text/yaml'];
    scope.addContentTypeParser(types, { parseAs: 'string', bodyLimit: MAX_FILE_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(
      '/v1/employees/import',
      {
        config: { access: { principal: 'person', permission: 'employees.write' } },
        schema: {
          tags,
          summary: 'Make a draft, or the next version of an employee, out of an exported file',
          consumes: [YAML],
          headers: idempotencyHeaders,
          querystring: importQuery,
          body: z.string().describe('What an export answered'),
          response: { 201: importedEmployeeView },
        },
      },
      async (request, reply) => {
        const answer = await importEmployee(deps, scopeOf(request), {
          employeeId: request.query.employee_id,
          bearer: request.bearer ?? '',
          key: idempotencyKeyOf(request),
          text: request.body,
        });
        const made = importedEmployeeView.parse(answer.body);
        return reply.status(201).header('location', made.links.self).send(made);
      },
    );
  });
}
