import { approvalAnswer, approvalPageAnswer } from './answers/approvals.ts';
import type { PageQuery } from './answers/page.ts';
import { path, send, type Service } from './http.ts';

export interface ApprovalQuery extends PageQuery {
  readonly status?: string | undefined;
  readonly run_id?: string | undefined;
}

/** `/v1/approvals`: what waits for a person. */
export function approvalsClient(api: Service) {
  const decide = (verb: 'approve' | 'reject', id: string, reason: string | undefined) =>
    send(api, {
      method: 'POST',
      path: `${path`/v1/approvals/${id}`}/${verb}`,
      body: reason === undefined ? {} : { reason },
      answer: approvalAnswer,
    });
  return {
    list: (query: ApprovalQuery = {}) => send(api, { path: '/v1/approvals', query: { ...query }, answer: approvalPageAnswer }),
    get: (id: string) => send(api, { path: path`/v1/approvals/${id}`, answer: approvalAnswer }),
    approve: (id: string, reason?: string) => decide('approve', id, reason),
    reject: (id: string, reason?: string) => decide('reject', id, reason),
  };
}
