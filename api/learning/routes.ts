import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { scopeOf } from '../http/scope.ts';
import { dismissBody, dismissSuggestion } from './dismiss.ts';
import { insightsQuery, readInsights, type InsightsDeps } from './insights.ts';
import { suggestionSchema } from './suggestion.ts';
import { insightsView } from './views.ts';

const tags = ['insights'];

/** What runs taught: figures, and suggestions that nobody but a person carries out. */
export function insightRoutes(app: App, deps: InsightsDeps): void {
  app.get(
    '/v1/insights',
    {
      config: { access: { principal: 'person', permission: 'runs.read' } },
      schema: {
        tags,
        summary: 'How employees, skills and templates did, and what that suggests',
        description:
          'Figures of the runs that ended within the window, of approvals, and of calls (from ConnectHub, with your token: without ' +
          'the permission `receipts.read` they are missing). A suggestion needs the cases that `thresholds` names, shows its evidence, ' +
          'and changes nothing.',
        querystring: insightsQuery,
        response: { 200: insightsView },
      },
    },
    async (request) => readInsights(deps, { orgId: personOf(request).orgId, bearer: request.bearer ?? '', query: request.query }),
  );

  app.post(
    '/v1/insights/:suggestion_id/dismiss',
    {
      config: { access: { principal: 'person', permission: 'employees.write' } },
      schema: {
        tags,
        summary: 'Show a suggestion no more; its evidence is kept as it is now',
        params: z.strictObject({ suggestion_id: z.uuid() }),
        body: dismissBody,
        response: { 200: suggestionSchema },
      },
    },
    async (request) =>
      dismissSuggestion(deps, scopeOf(request), {
        suggestionId: request.params.suggestion_id,
        bearer: request.bearer ?? '',
        reason: request.body.reason,
      }),
  );
}
