import { z } from 'zod';
import { idempotencyHeaders } from '../http/headers.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { scopeOf } from '../http/scope.ts';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import type { Cursors } from '../../platform/http/page.ts';
import type { CapabilityFactsReader } from './capability-facts.ts';
import type { CreateEmployeeDeps } from './create.ts';
import { diffQuery, diffView, showDiff } from './diff/show-diff.ts';
import { getVersion } from './get.ts';
import { graphFormat } from './graph-format.ts';
import { reviseEmployee, reviseEmployeeBody } from './revise.ts';
import { listVersions, listVersionsQuery, versionPage } from './versions.ts';
import { employeeDefinitionView, employeeIdSchema, toVersionView, versionSchema, versionView } from './views.ts';

export type VersionRouteDeps = CreateEmployeeDeps & { cursors: Cursors; capabilityFacts: CapabilityFactsReader };

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

  app.post(
    versions,
    {
      config: { access: { principal: 'person', permission: 'employees.write' } },
      schema: {
        tags,
        summary: 'Make the next version out of a job description, or with another policy',
        description:
          'Send either `job_description`, or `policy` and, for another graph than the newest, `base_version`. A policy says, rule by ' +
          'rule, what may be done, and for `require_approval` who is asked (`approvers`: user ids, or words like `role:approver`), ' +
          'how long (`timeout_seconds`) and what silence means (`on_timeout`). The version is a draft until somebody activates it.',
        params: params.pick({ employee_id: true }),
        headers: idempotencyHeaders,
        body: reviseEmployeeBody,
        response: { 201: versionView },
      },
    },
    async (request, reply) => {
      const { employee_id: employeeId } = request.params;
      const asked = { employeeId, bearer: request.bearer ?? '', key: idempotencyKeyOf(request), body: request.body };
      const made = versionView.parse((await reviseEmployee(deps, scopeOf(request), asked)).body);
      return reply.status(201).header('location', made.links.self).send(made);
    },
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
    `${versions}/:version/diff`,
    {
      config,
      schema: {
        tags,
        summary: 'What changes with a version, against another one: duties, rules, starts',
        params,
        querystring: diffQuery,
        response: { 200: diffView },
      },
    },
    async (request) => {
      const { employee_id: employeeId, version } = request.params;
      return showDiff(deps, personOf(request).orgId, { employeeId, version, against: request.query.against });
    },
  );

  app.get(
    `${versions}/:version/graph`,
    {
      config,
      schema: {
        tags,
        summary: 'The graph as JSON or, by Accept, as Mermaid source (text/vnd.mermaid, text/plain) or a picture (image/svg+xml)',
        params,
        response: { 200: z.union([employeeDefinitionView, z.string()]) },
      },
    },
    async (request, reply) => {
      const format = graphFormat(request.headers.accept);
      const { employee_id, version } = request.params;
      const { orgId } = personOf(request);
      const { definition } = await getVersion(deps, orgId, employee_id, version);
      void reply.header('vary', 'accept');
      if (format === 'svg') {
        const facts = await deps.db.withOrgRead({ orgId }, (tx) => deps.capabilityFacts(tx, employee_id, version));
        const riskOf = (capability: string) => (Object.hasOwn(facts, capability) ? facts[capability]?.risk : undefined);
        const svg = deps.builder.toSvg(definition, riskOf);
        // Opened by itself it is a page of this address: nothing in it may run or load anything.
        void reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        return reply.type('image/svg+xml; charset=utf-8').serializer(String).send(svg);
      }
      if (format === 'json') return { graph: definition.graph, skill_graphs: definition.skill_graphs };
      const type = request.headers.accept?.includes('text/vnd.mermaid') ? 'text/vnd.mermaid' : 'text/plain';
      return reply.type(`${type}; charset=utf-8`).serializer(String).send(deps.builder.toMermaid(definition));
    },
  );
}
