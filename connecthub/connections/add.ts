import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope } from '../../db/client.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import { saveConnection, type SaveDeps } from '../oauth/save-connection.ts';
import { createProviderApi } from '../proxy/provider-api.ts';
import type { Account } from '../providers/definition.ts';
import { ProviderRefusal, refusalError } from '../providers/refusal.ts';
import { asksForConsent, type Provider, type Registry } from '../providers/registry.ts';

export interface AddDeps extends SaveDeps {
  outgoing: OutgoingClient;
  registry: Registry;
}

export interface WantedConnection {
  provider: string;
  accountName: string;
  /** A key or token, as the provider gave it to the person. */
  secret: string;
}

export interface Added {
  connection_id: string;
  provider: string;
  account_name: string;
}

/** Asking whose key it is must end well before a person gives up. */
const ACCOUNT_TIMEOUT_MS = 8_000;

/**
 * Connects an account by a key that a person entered. Where the provider can tell whose it is, it is asked, so that a
 * wrong key is told at once; else the account is what the person calls it. The same account again keeps its connection.
 *
 * @throws ClancyError `not_found`, `invalid_request`, `provider_refused` (the key) or `provider_unavailable`
 */
export async function addConnection(deps: AddDeps, scope: OrgScope, wanted: WantedConnection): Promise<Added> {
  const provider = await deps.registry.of(scope.orgId).provider(wanted.provider);
  if (!provider) throw new ClancyError('not_found', 'There is no such provider here.', { next: 'See GET /capabilities.' });
  const { id, title } = provider.definition;
  if (asksForConsent(provider)) {
    throw new ClancyError('invalid_request', `${title} is connected by a person's consent, not with a key.`, {
      next: `clancy connections connect ${id} (GET /oauth/launch/${id}).`,
    });
  }
  const account = await askAccount(deps, provider, wanted);
  const connectionId = await saveConnection(deps, scope, {
    provider: id,
    ...account,
    tokens: { accessToken: wanted.secret, scopes: [] },
    userId: scope.actor.id,
    version: provider.version,
  });
  return { connection_id: connectionId, provider: id, account_name: account.accountName };
}

async function askAccount(deps: AddDeps, provider: Provider, { accountName, secret }: WantedConnection): Promise<Account> {
  const { readAccount, title } = provider.definition;
  const named = { accountId: accountName, accountName };
  if (!readAccount) return named;
  const call = { accessToken: secret, accountId: '', scopes: [], timeoutMs: ACCOUNT_TIMEOUT_MS };
  try {
    const { accountId } = await readAccount(createProviderApi(deps.outgoing, provider, call).reader);
    return { ...named, accountId };
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    const { code, reason, grant } = error.refusal;
    if (grant === undefined && code !== 'provider_refused') throw refusalError(title, error.refusal);
    throw new ClancyError('provider_refused', `${title} does not accept this key (${reason}).`, {
      next: 'Look at the key, and at what it may be used for.',
      extra: { provider_code: reason },
    });
  }
}
