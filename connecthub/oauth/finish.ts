import { and, eq, ne } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import type { Account } from '../providers/definition.ts';
import { ProviderRefusal, safeReason } from '../providers/refusal.ts';
import type { ConsentProvider } from '../providers/registry.ts';
import { createProviderApi } from '../proxy/provider-api.ts';
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
  /** 0 to 1. */
  random: () => number;
}

export interface Callback {
  code: string | undefined;
  state: string | undefined;
  error: string | undefined;
  /** Who says that it answered (RFC 9207). */
  issuer: string | undefined;
  /** What the provider put there besides. */
  more: { [name: string]: string };
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

export interface Finished {
  connected: Connected;
  /** Where the person is led now; undefined: to a page of ours. */
  returnTo: string | undefined;
}

/**
 * The end of a flow: state, code for tokens, connection. The state is spent before anything else happens, so that a
 * repeated callback exchanges nothing.
 *
 * @throws ClancyError `oauth_state_invalid`, `oauth_failed`, `not_found`, `provider_unavailable` or `forbidden`
 */
export async function finishFlow(deps: FinishDeps, provider: ConsentProvider, callback: Callback): Promise<Finished> {
  const { state, browser, source } = callback;
  if (!isRandomText(state) || !isRandomText(browser)) {
    throw new ClancyError('oauth_state_invalid', 'This answer belongs to no open attempt to connect in this browser.');
  }
  const { id, oauth } = provider.definition;
  const flow = await useState(deps, { state, browser, provider: id, pkce: oauth.pkce, source });
  assertIssuer(provider, callback.issuer);
  if (callback.error !== undefined) throw declined(provider, callback.error);
  await assertStillConnected(deps.database, flow);
  const exchanged = await exchange(deps, provider, flow, { ...callback, state });
  return { connected: await save(deps, provider, flow, exchanged, source), returnTo: flow.returnTo };
}

/** Mix-up (RFC 9700, 4.4): an answer that another server gave is not shown to this one, its code least of all. */
function assertIssuer(provider: ConsentProvider, issuer: string | undefined): void {
  if (issuer === undefined) return;
  const { origin } = new URL(provider.addresses.authorize);
  if (URL.canParse(issuer) && new URL(issuer).origin === origin) return;
  throw declined(provider, 'issuer_mismatch');
}

/** What somebody disconnected while the person was at the provider's page stays so. */
async function assertStillConnected(database: HubDatabase, { orgId, connectionId }: Flow): Promise<void> {
  if (connectionId === undefined) return;
  const isIt = and(
    eq(connections.orgId, orgId),
    eq(connections.connectionId, connectionId),
    ne(connections.status, 'disconnected'),
  );
  const rows = await database.withOrgRead({ orgId }, (tx) =>
    tx.db.select({ id: connections.connectionId }).from(connections).where(isIt),
  );
  if (rows.length > 0) return;
  throw new ClancyError('not_found', 'The connection was disconnected meanwhile.', {
    next: 'Begin again: GET /oauth/launch/{provider} with your token.',
  });
}

/** Reading who the account is must end well before a person gives up on the page. */
const ACCOUNT_TIMEOUT_MS = 8_000;

async function exchange(
  deps: FinishDeps,
  provider: ConsentProvider,
  flow: Flow,
  callback: Callback & { state: string },
): Promise<Exchanged & { account: Account }> {
  try {
    const { code = '', state, more } = callback;
    const exchanged = await exchangeCode(deps.outgoing, provider, {
      parameters: new URLSearchParams({ code, state }),
      state,
      redirectUri: redirectUri(provider, deps.publicUrl),
      codeVerifier: flow.codeVerifier,
    });
    const { accessToken, scopes } = exchanged.tokens;
    const readerOf = (accountId: string) =>
      createProviderApi(deps.outgoing, provider, { accessToken, accountId, scopes, timeoutMs: ACCOUNT_TIMEOUT_MS }).reader;
    const account = await provider.definition.oauth.readAccount({ body: exchanged.body, callback: more, readerOf });
    return { ...exchanged, account };
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

async function save(
  deps: FinishDeps,
  provider: ConsentProvider,
  flow: Flow,
  { tokens, account }: Exchanged & { account: Account },
  source: string,
): Promise<Connected> {
  const scope: OrgScope = { orgId: flow.orgId, actor: { type: 'person', id: flow.userId }, source };
  const { version } = provider;
  const connection = { provider: provider.definition.id, ...account, tokens, userId: flow.userId, version };
  const connectionId = await saveConnection(deps, scope, connection);
  return { connection_id: connectionId, provider: connection.provider, account_name: account.accountName, scopes: tokens.scopes };
}

function declined(provider: ConsentProvider, reason: string): ClancyError {
  const word = safeReason(reason);
  return new ClancyError('oauth_failed', `${provider.definition.title} did not connect the account (${word}).`, {
    next: 'Begin again: GET /oauth/launch/{provider} with your token.',
    extra: { provider_code: word },
  });
}
