import { insightsAnswer, suggestionAnswer } from './answers/insights.ts';
import { path, send, type Service } from './http.ts';

export interface InsightsQuery {
  readonly days?: number | undefined;
  readonly employee_id?: string | undefined;
  readonly dismissed?: string | undefined;
}

/** `/v1/insights`: how runs went, and what that suggests. */
export function insightsClient(api: Service) {
  return {
    get: (query: InsightsQuery = {}) => send(api, { path: '/v1/insights', query: { ...query }, answer: insightsAnswer }),
    dismiss: (id: string, reason?: string) =>
      send(api, {
        method: 'POST',
        path: path`/v1/insights/${id}/dismiss`,
        body: reason === undefined ? {} : { reason },
        answer: suggestionAnswer,
      }),
  };
}
