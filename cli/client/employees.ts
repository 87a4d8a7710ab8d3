import { z } from 'zod';
import {
  activatedEmployeeAnswer,
  createdEmployeeAnswer,
  diffAnswer,
  employeeAnswer,
  employeePageAnswer,
  grantListAnswer,
  versionAnswer,
  versionGraphAnswer,
  versionPageAnswer,
} from './answers/employees.ts';
import type { PageQuery } from './answers/page.ts';
import { path, send, sendRaw, type Service } from './http.ts';

export interface CreateEmployee {
  readonly jobDescription: string;
  readonly name?: string | undefined;
}

/** What the next version is made of; rules are sent as they are. */
export type Revision =
  | { readonly jobDescription: string }
  | { readonly policy: readonly unknown[]; readonly baseVersion?: number | undefined };

export interface EmployeeChange {
  readonly name?: string | undefined;
  /** All of them. */
  readonly labels?: readonly string[] | undefined;
  readonly owner?: string | undefined;
}

export interface Activation {
  /** The newest version unless said otherwise. */
  readonly version?: number | undefined;
  /** Connection id per provider, where a provider has several connections. */
  readonly connections?: { readonly [provider: string]: string } | undefined;
  /** IANA name, for times of the job description that come without a zone. */
  readonly timezone?: string | undefined;
  /** `off`: the times that the job description states are not turned on. */
  readonly schedules?: 'on' | 'off' | undefined;
  /** `off`: the events that the job description states start nothing. */
  readonly subscriptions?: 'on' | 'off' | undefined;
}

/** `/v1/employees`: hire, look at and put to work. */
export function employeesClient(api: Service) {
  return {
    create: ({ jobDescription, name }: CreateEmployee, idempotencyKey?: string) =>
      send(api, {
        method: 'POST',
        path: '/v1/employees',
        body: { job_description: jobDescription, ...(name !== undefined && { name }) },
        idempotencyKey,
        answer: createdEmployeeAnswer,
      }),
    list: (query: PageQuery & { readonly status?: string | undefined; readonly label?: string | undefined } = {}) =>
      send(api, { path: '/v1/employees', query: { ...query }, answer: employeePageAnswer }),
    get: (id: string) => send(api, { path: path`/v1/employees/${id}`, answer: employeeAnswer }),
    versions: (id: string, query: PageQuery = {}) =>
      send(api, { path: path`/v1/employees/${id}/versions`, query: { ...query }, answer: versionPageAnswer }),
    version: (id: string, version: number) =>
      send(api, { path: path`/v1/employees/${id}/versions/${version}`, answer: versionAnswer }),
    revise: (id: string, revision: Revision, idempotencyKey?: string) =>
      send(api, {
        method: 'POST',
        path: path`/v1/employees/${id}/versions`,
        body: revisionBody(revision),
        idempotencyKey,
        answer: versionAnswer,
      }),
    graph: (id: string, version: number) =>
      send(api, { path: path`/v1/employees/${id}/versions/${version}/graph`, answer: versionGraphAnswer }),
    /** The graph as Mermaid source. */
    mermaid: async (id: string, version: number): Promise<string> => {
      const answer = await sendRaw(api, { path: path`/v1/employees/${id}/versions/${version}/graph` }, 'text/vnd.mermaid');
      return answer.text();
    },
    /** The graph as an SVG picture. */
    svg: async (id: string, version: number): Promise<string> => {
      const answer = await sendRaw(api, { path: path`/v1/employees/${id}/versions/${version}/graph` }, 'image/svg+xml');
      return answer.text();
    },
    /** What changes with a version; against the active one unless said otherwise. */
    diff: (id: string, version: number, against?: number) =>
      send(api, { path: path`/v1/employees/${id}/versions/${version}/diff`, query: { against }, answer: diffAnswer }),
    /** A version as a YAML file. */
    export: async (id: string, version: number): Promise<string> => {
      const answer = await sendRaw(api, { path: path`/v1/employees/${id}/versions/${version}/export` }, 'application/yaml');
      return answer.text();
    },
    /** A new employee, or the next version of one, out of such a file. */
    import: (yaml: string, id?: string, idempotencyKey?: string) =>
      send(api, {
        method: 'POST',
        path: '/v1/employees/import',
        query: { employee_id: id },
        text: { type: 'application/yaml', body: yaml },
        idempotencyKey,
        answer: createdEmployeeAnswer,
      }),
    clone: (
      id: string,
      { version, name }: { version?: number | undefined; name?: string | undefined },
      idempotencyKey?: string,
    ) =>
      send(api, {
        method: 'POST',
        path: path`/v1/employees/${id}/clone`,
        body: { ...(version !== undefined && { version }), ...(name !== undefined && { name }) },
        idempotencyKey,
        answer: createdEmployeeAnswer,
      }),
    update: (id: string, change: EmployeeChange) =>
      send(api, {
        method: 'PATCH',
        path: path`/v1/employees/${id}`,
        body: {
          ...(change.name !== undefined && { name: change.name }),
          ...(change.labels && { labels: change.labels }),
          ...(change.owner !== undefined && { owner_user_id: change.owner }),
        },
        answer: employeeAnswer,
      }),
    activate: (id: string, activation: Activation = {}) =>
      send(api, {
        method: 'POST',
        path: path`/v1/employees/${id}/activate`,
        body: {
          ...(activation.version !== undefined && { version: activation.version }),
          ...(activation.connections && { connections: activation.connections }),
          ...(activation.timezone !== undefined && { timezone: activation.timezone }),
          ...(activation.schedules !== undefined && { schedules: activation.schedules }),
          ...(activation.subscriptions !== undefined && { subscriptions: activation.subscriptions }),
        },
        answer: activatedEmployeeAnswer,
      }),
    retire: (id: string) =>
      send(api, { method: 'POST', path: path`/v1/employees/${id}/retire`, body: {}, answer: employeeAnswer }),
  };
}

function revisionBody(revision: Revision) {
  if ('jobDescription' in revision) return { job_description: revision.jobDescription };
  const { policy, baseVersion } = revision;
  return { policy, ...(baseVersion !== undefined && { base_version: baseVersion }) };
}

/** `/v1/employees/{id}/grants`: what an employee may use. */
export function grantsClient(api: Service) {
  return {
    list: (employeeId: string) => send(api, { path: path`/v1/employees/${employeeId}/grants`, answer: grantListAnswer }),
    /** Stops the next call, running runs included. */
    revoke: async (employeeId: string, capability: { provider: string; capability: string }): Promise<void> => {
      await send(api, {
        method: 'DELETE',
        path: path`/v1/employees/${employeeId}/grants/${capability.provider}/${capability.capability}`,
        answer: z.unknown(),
      });
    },
  };
}
