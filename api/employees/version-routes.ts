import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import type { CoreDatabase } from '../../db/client.ts';
import type { Cursors } from '../../platform/http/page.ts';
import type { EmployeeBuilder } from './builder.ts';
import { getVersion } from './get.ts';
import { graphFormat } from './graph-format.ts';
import { listVersions, listVersionsQuery, versionPage } from './versions.ts';
import { employeeDefinitionView, employeeIdSchema, toVersionView, versionSchema, versionView } from './views.ts';

export interface VersionRouteDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  cursors: Cursors;
  builder: Pick<EmployeeBuilder, 'toMermaid'>;
}

const params = z.strictObject({ employee_id: employeeIdSchema, version: versionSchema });
const tags = ['employees'];

export function versionRoutes(app: App, deps: VersionRouteDeps): void {
  const config = { access: { principal: 'person', permission: 'employees.read' } } as const;
  const versions = '/v1/employees/:employee_id/versions';

  app.get(
    versions,
    {
      config,
      schema: {
        tags,
        summary: 'List the versions of an employee',
        params: params.pick({ employee_id: true }),
        querystring: listVersionsQuery,
        response: { 200: versionPage },
      },
    },
    async (request) => listVersions(deps, personOf(request).orgId, request.params.employee_id, request.query),
  );

  app.get(
    `${versions}/:version`,
    { config, schema: { tags, summary: 'Show a version and its explanation', params, response: { 200: versionView } } },
    async (request) => {
      const { employee_id, version } = request.params;
      return toVersionView(await getVersion(deps, personOf(request).orgId, employee_id, version));
    },
  );

  app.get(
    `${versions}/:version/graph`,
    {
      config,
      schema: {
        tags,
        summary: 'The graph as JSON or, by Accept, as Mermaid source (text/vnd.mermaid, text/plain)',
        params,
        response: { 200: z.union([employeeDefinitionView, z.string()]) },
      },
    },
    async (request, reply) => {
      const format = graphFormat(request.headers.accept);
      const { employee_id, version } = request.params;
      const { definition } = await getVersion(deps, personOf(request).orgId, employee_id, version);
      void reply.header('vary', 'accept');
      if (format === 'json') return { graph: definition.graph, skill_graphs: definition.skill_graphs };
      const type = request.headers.accept?.includes('text/vnd.mermaid') ? 'text/vnd.mermaid' : 'text/plain';
      return reply.type(`${type}; charset=utf-8`).serializer(String).send(deps.builder.toMermaid(definition));
    },
  );
}
