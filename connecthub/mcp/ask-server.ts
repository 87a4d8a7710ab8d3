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
 * @throws ClancyError `provider_refused` for the key, or what else the server says
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
    const { grant, reason } = error.refusal;
    if (grant === undefined) throw refusalError(title, error.refusal);
    throw new ClancyError('provider_refused', `${title} does not accept this key (${reason}).`, {
      next: 'Look at the key, and at what it may be used for.',
      extra: { provider_code: reason },
    });
  }
}
