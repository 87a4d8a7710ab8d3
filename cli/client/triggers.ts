import type { JsonObject } from '../../contracts/json.ts';
import type { PageQuery } from './answers/page.ts';
import { sentTriggerAnswer, triggerAnswer, triggerPageAnswer } from './answers/triggers.ts';
import { path, send, type Service } from './http.ts';

export interface NewTrigger {
  readonly text?: string;
  readonly type?: string;
  readonly payload?: JsonObject;
  readonly employee_id?: string;
  readonly entry_skills?: string[];
}

/** `/v1/triggers`: work that is asked for without saying whose it is. */
export function triggersClient(api: Service) {
  return {
    send: (trigger: NewTrigger, idempotencyKey?: string) =>
      send(api, { method: 'POST', path: '/v1/triggers', body: trigger, idempotencyKey, answer: sentTriggerAnswer }),
    list: (query: PageQuery & { readonly decision?: string | undefined } = {}) =>
      send(api, { path: '/v1/triggers', query: { ...query }, answer: triggerPageAnswer }),
    get: (id: string) => send(api, { path: path`/v1/triggers/${id}`, answer: triggerAnswer }),
    decide: (id: string, decision: { readonly employee_id: string } | { readonly dismiss: true }) =>
      send(api, { method: 'POST', path: path`/v1/triggers/${id}/decide`, body: decision, answer: triggerAnswer }),
  };
}
