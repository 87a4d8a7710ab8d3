import { z } from 'zod';
import { qualifyCapability } from '../../contracts/ids.ts';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import type { Cursors } from '../../platform/http/page.ts';
import { scopeOf } from '../http/scope.ts';
import { activateBody, activateEmployee, type ActivateDeps } from './activate.ts';
import { cloneBody, cloneEmployee } from './clone.ts';
import { createEmployee, createEmployeeBody, type CreateEmployeeDeps } from './create.ts';
import { getEmployee } from './get.ts';
import { grantList, listGrants, toGrantView } from './grants.ts';
import { employeePage, listEmployees, listEmployeesQuery } from './list.ts';
import { needsOwner } from './owner.ts';
import { employeePermissions, permissionsView } from './permissions.ts';
import { retireEmployee, type RetireDeps } from './retire.ts';
import { revokeGrant } from './revoke-grant.ts';
import { updateBody, updateEmployee } from './update.ts';
import { toSubscriptionView } from '../supervisor/subscription-views.ts';
import {
  activatedEmployeeView,
  createdEmployeeView,
  employeeIdSchema,
  employeeView,
  etagOf,
  importedEmployeeView,
  toEmployeeView,
} from './views.ts';

export type EmployeeRouteDeps = CreateEmployeeDeps & ActivateDeps & RetireDeps & { cursors: Cursors };

const params = z.strictObject({ employee_id: employeeIdSchema });
const tags = ['employees'];

export function employeeRoutes(app: App, deps: EmployeeRouteDeps): void {
  const read = { access: { principal: 'person', permission: 'employees.read' } } as const;

  app.post(
    '/v1/employees',
    {
      config: { access: { principal: 'person', permission: 'employees.write' } },
      schema: {
        tags,
        summary: 'Make a draft out of a job description',
        headers: idempotencyHeaders,
        body: createEmployeeBody,
        response: { 201: createdEmployeeView },
      },
    },
    async (request, reply) => {
      const asked = { bearer: request.bearer ?? '', key: idempotencyKeyOf(request), body: request.body };
      const created = createdEmployeeView.parse((await createEmployee(deps, scopeOf(request), asked)).body);
      return reply.status(201).header('location', created.links.self).send(created);
    },
  );

  app.get(
    '/v1/employees',
    {
      config: read,
      schema: { tags, summary: 'List employees', querystring: listEmployeesQuery, response: { 200: employeePage } },
    },
    async (request) => listEmployees(deps, personOf(request).orgId, request.query),
  );

  app.get(
    '/v1/employees/:employee_id',
    { config: read, schema: { tags, summary: 'Show an employee', params, response: { 200: employeeView } } },
    async (request, reply) => {
      const { orgId } = personOf(request);
      const employee = await getEmployee(deps, orgId, request.params.employee_id);
      const isOwnerless = await deps.db.withOrgRead({ orgId }, (tx) => needsOwner(tx, employee));
      return reply.header('etag', etagOf(employee)).send(toEmployeeView(employee, deps.ui, isOwnerless));
    },
  );

  app.patch(
    '/v1/employees/:employee_id',
    {
      config: { access: { principal: 'person', permission: 'employees.write' } },
      schema: {
        tags,
        summary: 'Change the name, the labels or the owner of an employee',
        params,
        headers: z.looseObject({ 'if-match': z.string().optional() }),
        body: updateBody,
        response: { 200: employeeView },
      },
    },
    async (request, reply) => {
      const employee = await updateEmployee(deps, scopeOf(request), {
        employeeId: request.params.employee_id,
        ifMatch: request.headers['if-match'],
        person: personOf(request),
        body: request.body,
      });
      const isOwnerless = await deps.db.withOrgRead(employee, (tx) => needsOwner(tx, employee));
      return reply.header('etag', etagOf(employee)).send(toEmployeeView(employee, deps.ui, isOwnerless));
    },
  );

  app.post(
    '/v1/employees/:employee_id/clone',
    {
      config: { access: { principal: 'person', permission: 'employees.write' } },
      schema: {
        tags,
        summary: 'Make another employee, a draft, with the content of a version',
        params,
        headers: idempotencyHeaders,
        body: cloneBody.optional(),
        response: { 201: importedEmployeeView },
      },
    },
    async (request, reply) => {
      const asked = { employeeId: request.params.employee_id, bearer: request.bearer ?? '', key: idempotencyKeyOf(request) };
      const answer = await cloneEmployee(deps, scopeOf(request), { ...asked, body: request.body ?? {} });
      const made = importedEmployeeView.parse(answer.body);
      return reply.status(201).header('location', made.links.self).send(made);
    },
  );

  app.post(
    '/v1/employees/:employee_id/activate',
    {
      config: { access: { principal: 'person', permission: 'employees.activate' } },
      schema: {
        tags,
        summary: 'Put a version to work: grant its capabilities, set its policy and budget, turn on its times',
        params,
        headers: z.looseObject({ 'if-match': z.string().optional() }),
        body: activateBody.optional(),
        response: { 200: activatedEmployeeView },
      },
    },
    async (request, reply) => {
      const { employee, budget, schedules, subscriptions } = await activateEmployee(deps, scopeOf(request), {
        employeeId: request.params.employee_id,
        bearer: request.bearer ?? '',
        ifMatch: request.headers['if-match'],
        body: request.body ?? {},
      });
      const turnedOn = { schedules, subscriptions: subscriptions.map(toSubscriptionView) };
      return reply.header('etag', etagOf(employee)).send({ ...toEmployeeView(employee, deps.ui), budget, ...turnedOn });
    },
  );

  app.post(
    '/v1/employees/:employee_id/retire',
    {
      config: { access: { principal: 'person', permission: 'employees.activate' } },
      schema: {
        tags,
        summary: 'End the work of an employee for good; runs under way go on',
        params,
        headers: z.looseObject({ 'if-match': z.string().optional() }),
        response: { 200: employeeView },
      },
    },
    async (request, reply) => {
      const employee = await retireEmployee(deps, scopeOf(request), {
        employeeId: request.params.employee_id,
        ifMatch: request.headers['if-match'],
      });
      return reply.header('etag', etagOf(employee)).send(toEmployeeView(employee, deps.ui));
    },
  );

  app.get(
    '/v1/employees/:employee_id/permissions',
    { config: read, schema: { tags, summary: 'What an employee may do', params, response: { 200: permissionsView } } },
    async (request) => employeePermissions(deps, personOf(request).orgId, request.params.employee_id),
  );

  app.get(
    '/v1/employees/:employee_id/grants',
    {
      config: { access: { principal: 'person', permission: 'grants.read' } },
      schema: { tags, summary: 'What an employee was granted', params, response: { 200: grantList } },
    },
    async (request) => {
      const rows = await listGrants(deps, personOf(request).orgId, request.params.employee_id);
      return { items: rows.map(toGrantView) };
    },
  );

  app.delete(
    '/v1/employees/:employee_id/grants/:provider/:capability',
    {
      config: { access: { principal: 'person', permission: 'grants.write' } },
      schema: { tags, summary: 'Take a grant away', params: grantParams, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { employee_id: employeeId, provider, capability } = request.params;
      await revokeGrant(deps, scopeOf(request), { employeeId, capability: qualifyCapability(provider, capability) });
      return reply.status(204).send(null);
    },
  );
}

const grantParams = params.extend({
  provider: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  capability: z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}$/),
});
