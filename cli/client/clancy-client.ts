import { healthAnswer } from './answers/connecthub.ts';
import { approvalsClient } from './approvals.ts';
import { auditClient } from './audit.ts';
import { capabilitiesClient, connectionsClient, receiptsClient, webhooksClient } from './connecthub.ts';
import { employeesClient, grantsClient } from './employees.ts';
import { factsClient } from './facts.ts';
import { send, type Service } from './http.ts';
import { insightsClient } from './insights.ts';
import { DEFAULT_PATIENCE, type Patience } from './patience.ts';
import { providersClient } from './providers.ts';
import { rehearsalsClient } from './rehearsals.ts';
import { runsClient } from './runs.ts';
import { memoryClient } from './memory.ts';
import { schedulesClient } from './schedules.ts';
import { triggersClient } from './triggers.ts';

export interface ClancyClientOptions {
  /** Agent-Core, such as `https://api.example.com`. */
  readonly apiUrl: string;
  readonly connecthubUrl: string;
  /** A current person's token; asked before every request. */
  readonly token: () => Promise<string>;
  readonly fetch?: typeof fetch;
  readonly patience?: Patience;
}

/**
 * Both services over HTTP, typed. Answers are the services' own (snake_case), parsed tolerantly. Every POST carries an
 * idempotency key: a new one, or the caller's, who may then repeat.
 *
 * Its functions throw `ProblemError` (refused) and `UnreachableError` (no answer, or none of ours).
 */
export function createClancyClient(options: ClancyClientOptions) {
  const fetchIt = options.fetch ?? fetch;
  const api: Service = { baseUrl: options.apiUrl, token: options.token, fetch: fetchIt };
  const hub: Service = { baseUrl: options.connecthubUrl, token: options.token, fetch: fetchIt };
  return {
    employees: employeesClient(api),
    grants: grantsClient(api),
    rehearsals: rehearsalsClient(api),
    runs: runsClient(api, options.patience ?? DEFAULT_PATIENCE),
    memory: memoryClient(api),
    schedules: schedulesClient(api),
    triggers: triggersClient(api),
    approvals: approvalsClient(api),
    facts: factsClient(api, options.patience ?? DEFAULT_PATIENCE),
    insights: insightsClient(api),
    audit: auditClient(api, '/v1/audit'),
    hubAudit: auditClient(hub, '/audit'),
    connections: connectionsClient(hub),
    providers: providersClient(hub),
    receipts: receiptsClient(hub),
    webhooks: webhooksClient(hub),
    capabilities: capabilitiesClient(hub),
    /** Whether both services answer, and what they say of themselves. */
    health: async () => {
      const ask = (service: Service) => send(service, { path: '/health', isPublic: true, answer: healthAnswer });
      const [agentCore, connecthub] = await Promise.all([ask(api), ask(hub)]);
      return { api: agentCore, connecthub };
    },
  };
}

export type ClancyClient = ReturnType<typeof createClancyClient>;
