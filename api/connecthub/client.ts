import { z } from 'zod';
import { callSummariesSchema, type CallSummary } from '../../contracts/call-summary.ts';
import { catalogueSchema, type Catalogue } from '../../contracts/capability.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { launchPath, type LaunchRequest } from '../../contracts/launch.ts';
import { rehearsedCallSchema, type RehearsedCall } from '../../contracts/rehearsal.ts';
import { traceHeaders } from '../../platform/telemetry/spans.ts';

const TIMEOUT_MS = 5_000;
/** A run may make so many calls. */
const MAX_REHEARSED = 2_000;

const rehearsedPageSchema = z.strictObject({ items: z.array(rehearsedCallSchema), next: z.int().nullable() });

/** What Agent-Core asks ConnectHub, in the name of the person whose token it forwards. */
export interface ConnectHubClient {
  /** Providers with their capabilities and the organisation's connections. */
  catalogue(bearer: string): Promise<Catalogue>;
  /** What a rehearsal would have done, in order. */
  rehearsedCalls(bearer: string, runId: string): Promise<RehearsedCall[]>;
  /** Calls of a time by how they ended. */
  callSummaries(bearer: string, query: { since: Date; until: Date; employeeId?: string | undefined }): Promise<CallSummary[]>;
  /** Where a person connects a provider: answers `{ url }` to a bearer. */
  launchUrl(provider: string, request: LaunchRequest): string;
}

export function createConnectHubClient(options: { baseUrl: string; fetch?: typeof fetch }): ConnectHubClient {
  const send = options.fetch ?? fetch;
  return {
    catalogue: async (bearer) => {
      const body = await get(send, new URL('/capabilities', options.baseUrl), bearer);
      const parsed = catalogueSchema.safeParse(body);
      if (!parsed.success) throw unavailable(parsed.error);
      return parsed.data;
    },
    rehearsedCalls: async (bearer, runId) => {
      const calls: RehearsedCall[] = [];
      for (let after: number | null = 0; after !== null && calls.length < MAX_REHEARSED;) {
        const path = `/rehearsals/${encodeURIComponent(runId)}/calls?limit=200&after=${after}`;
        const page = rehearsedPageSchema.safeParse(await get(send, new URL(path, options.baseUrl), bearer));
        if (!page.success) throw unavailable(page.error);
        calls.push(...page.data.items);
        after = page.data.next;
      }
      return calls;
    },
    callSummaries: async (bearer, { since, until, employeeId }) => {
      const url = new URL('/receipts/summary', options.baseUrl);
      url.searchParams.set('since', since.toISOString());
      url.searchParams.set('until', until.toISOString());
      if (employeeId !== undefined) url.searchParams.set('employee_id', employeeId);
      const parsed = callSummariesSchema.safeParse(await get(send, url, bearer));
      if (!parsed.success) throw unavailable(parsed.error);
      return parsed.data.items;
    },
    launchUrl: (provider, request) => new URL(launchPath(provider, request), options.baseUrl).href,
  };
}

async function get(send: typeof fetch, url: URL, bearer: string): Promise<unknown> {
  const response = await send(url, {
    headers: { authorization: `Bearer ${bearer}`, accept: 'application/json', ...traceHeaders() },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  if (response.status === 403) throw new ClancyError('forbidden', 'You may not see the integrations of this organisation.');
  if (!response.ok) throw unavailable(new Error(`ConnectHub answered ${response.status}`));
  return response.json().catch((cause: unknown) => {
    throw unavailable(cause);
  });
}

function unavailable(cause: unknown): ClancyError {
  return new ClancyError('dependency_unavailable', 'ConnectHub cannot be reached right now.', {
    next: 'Try again in a moment; nothing was changed.',
    retryAfterMs: 2_000,
    cause,
  });
}
