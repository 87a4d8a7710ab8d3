import { ClancyError } from '../../contracts/errors.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import { createProviderApi } from '../proxy/provider-api.ts';
import type { ProviderReader } from '../providers/definition.ts';
import { ProviderRefusal, refusalError } from '../providers/refusal.ts';
import type { Provider } from '../providers/registry.ts';
import type { Speaking } from './protocol.ts';
import { listTools, type Tool } from './tools.ts';

/** Asking a server what it offers must end well before a person gives up. */
const TIMEOUT_MS = 12_000;

export interface Asked {
  speaking: Speaking;
  tools: Tool[];
}

/**
 * What a server offers to whoever has this key, now.
 *
 * @throws ClancyError `provider_refused` for the key, `invalid_request` where no server answers, or what else it says
 */
export async function askServer(
  outgoing: OutgoingClient,
  provider: Provider,
  key: string,
  begin: (reader: ProviderReader) => Promise<Speaking>,
): Promise<Asked> {
  const { reader } = createProviderApi(outgoing, provider, {
    accessToken: key,
    accountId: '',
    scopes: [],
    timeoutMs: TIMEOUT_MS,
  });
  const { title } = provider.definition;
  try {
    const speaking = await begin(reader);
    return { speaking, tools: await listTools(reader, speaking) };
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    const { grant, reason, code } = error.refusal;
    if (grant === undefined && code === 'provider_unavailable') throw unanswered(reason);
    if (grant === undefined) throw refusalError(title, error.refusal);
    throw new ClancyError('provider_refused', `${title} does not accept this key (${reason}).`, {
      next: 'Look at the key, and at what it may be used for.',
      extra: { provider_code: reason },
    });
  }
}

/** The address is the person's own: that nobody answers there as expected is theirs to look at. */
function unanswered(reason: string): ClancyError {
  return new ClancyError('invalid_request', 'No MCP server answers at this address.', {
    fields: [{ field: '/url', message: `it cannot be asked (${reason})` }],
    next: 'Look at the address, or try again when the server is up.',
  });
}
