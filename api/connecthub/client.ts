import { catalogueSchema, type Catalogue } from '../../contracts/capability.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { launchPath, type LaunchRequest } from '../../contracts/launch.ts';
import { traceHeaders } from '../../platform/telemetry/spans.ts';

const TIMEOUT_MS = 5_000;

/** What Agent-Core asks ConnectHub, in the name of the person whose token it forwards. */
export interface ConnectHubClient {
  /** Providers with their capabilities and the organisation's connections. */
  catalogue(bearer: string): Promise<Catalogue>;
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
