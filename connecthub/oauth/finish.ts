import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { OutgoingClient } from '../outgoing/client.ts';
import { ProviderRefusal, safeReason } from '../providers/refusal.ts';
import type { Provider } from '../providers/registry.ts';
import { redirectUri } from './authorize-url.ts';
import { exchangeCode, type Exchanged } from './exchange.ts';
import { saveConnection } from './save-connection.ts';
import { isRandomText } from './secrets.ts';
import { useState, type Flow } from './states.ts';

export interface FinishDeps {
  database: HubDatabase;
  secretBox: SecretBox;
  outgoing: OutgoingClient;
  publicUrl: URL;
}

export interface Callback {
  code: string | undefined;
  state: string | undefined;
  error: string | undefined;
  /** The cookie of the browser that came back. */
  browser: string | undefined;
  source: string;
}

export interface Connected {
  connection_id: string;
  provider: string;
  account_name: string;
  scopes: string[];
}

/**
 * The end of a flow: state, code for tokens, connection. The state is spent before anything else happens, so that a
 * repeated callback exchanges nothing.
 *
 * @throws ClancyError `oauth_state_invalid`, `oauth_failed`, `provider_unavailable` or `forbidden`
 */
export async function finishFlow(deps: FinishDeps, provider: Provider, callback: Callback): Promise<Connected> {
  const { state, browser, code, source } = callback;
  if (!isRandomText(state) || !isRandomText(browser)) {
    throw new ClancyError('oauth_state_invalid', 'This answer belongs to no open attempt to connect in this browser.');
  }
  const flow = await useState(deps.database, { state, browser, provider: provider.definition.id, source });
  if (callback.error !== undefined) throw declined(provider, callback.error);
  const exchanged = await exchange(deps, provider, code ?? '', state);
  return save(deps, provider, flow, exchanged, source);
}

async function exchange(
  deps: FinishDeps,
  provider: Provider,
  code: string,
  state: string,
): Promise<Exchanged & { account: Account }> {
  try {
    const parameters = new URLSearchParams({ code, state });
    const exchanged = await exchangeCode(deps.outgoing, provider, {
      parameters,
      state,
      redirectUri: redirectUri(provider, deps.publicUrl),
    });
    return { ...exchanged, account: provider.definition.oauth.readAccount(exchanged.body) };
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    const { code: word, reason } = error.refusal;
    if (word === 'provider_unavailable') {
      throw new ClancyError(word, `${provider.definition.title} cannot be reached right now (${reason}).`, {
        retryAfterMs: 5_000,
      });
    }
    throw declined(provider, reason);
  }
}

type Account = ReturnType<Provider['definition']['oauth']['readAccount']>;

async function save(
  deps: FinishDeps,
  provider: Provider,
  flow: Flow,
  { tokens, account }: Exchanged & { account: Account },
  source: string,
): Promise<Connected> {
  const scope: OrgScope = { orgId: flow.orgId, actor: { type: 'person', id: flow.userId }, source };
  const connection = { provider: provider.definition.id, ...account, tokens, userId: flow.userId };
  const connectionId = await saveConnection(deps, scope, connection);
  return { connection_id: connectionId, provider: connection.provider, account_name: account.accountName, scopes: tokens.scopes };
}

function declined(provider: Provider, reason: string): ClancyError {
  const word = safeReason(reason);
  return new ClancyError('oauth_failed', `${provider.definition.title} did not connect the account (${word}).`, {
    next: 'Begin again: GET /oauth/launch/{provider} with your token.',
    extra: { provider_code: word },
  });
}
