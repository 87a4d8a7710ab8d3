import type { JsonObject } from '../../contracts/json.ts';
import { approvalAnswer, approvalPageAnswer, decidedManyAnswer } from './answers/approvals.ts';
import type { PageQuery } from './answers/page.ts';
import { path, send, type Service } from './http.ts';

export interface ApprovalQuery extends PageQuery {
  readonly status?: string | undefined;
  readonly run_id?: string | undefined;
  readonly employee_id?: string | undefined;
}

export interface Decision {
  readonly approval_id: string;
  readonly decision: 'approved' | 'rejected';
  readonly reason?: string | undefined;
  /** What shall run instead. */
  readonly parameters?: JsonObject | undefined;
}

/** `/v1/approvals`: what waits for a person. */
export function approvalsClient(api: Service) {
  const decide = (
    verb: 'approve' | 'reject',
    id: string,
    body: { reason?: string | undefined; parameters?: JsonObject | undefined },
  ) => send(api, { method: 'POST', path: `${path`/v1/approvals/${id}`}/${verb}`, body, answer: approvalAnswer });
  return {
    list: (query: ApprovalQuery = {}) => send(api, { path: '/v1/approvals', query: { ...query }, answer: approvalPageAnswer }),
    get: (id: string) => send(api, { path: path`/v1/approvals/${id}`, answer: approvalAnswer }),
    approve: (id: string, reason?: string, parameters?: JsonObject) => decide('approve', id, { reason, parameters }),
    reject: (id: string, reason?: string) => decide('reject', id, { reason }),
    /** At most 100; each has an answer of its own. */
    decide: (decisions: readonly Decision[], idempotencyKey: string) =>
      send(api, { method: 'POST', path: '/v1/approvals/decide', body: { decisions }, idempotencyKey, answer: decidedManyAnswer }),
  };
}
