import { auditPageAnswer, auditSealsAnswer } from './answers/audit.ts';
import type { PageQuery } from './answers/page.ts';
import { send, type Service } from './http.ts';

export interface AuditQuery extends PageQuery {
  readonly actor_id?: string | undefined;
  readonly action?: string | undefined;
  readonly object_type?: string | undefined;
  readonly object_id?: string | undefined;
  readonly allowed?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly order?: string | undefined;
}

/** The audit of one service and the chain over it. */
export function auditClient(service: Service, base: '/v1/audit' | '/audit') {
  return {
    list: (query: AuditQuery = {}) => send(service, { path: base, query: { ...query }, answer: auditPageAnswer }),
    seals: (query: { readonly after?: number; readonly limit?: number } = {}) =>
      send(service, { path: `${base}/seals`, query: { ...query }, answer: auditSealsAnswer }),
  };
}
export type AuditClient = ReturnType<typeof auditClient>;
