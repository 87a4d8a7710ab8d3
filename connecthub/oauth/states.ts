import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { oauthStates } from '../../db/schema/hub/oauth-states.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { challengeOf, hashOf, randomText } from './secrets.ts';
import type { Scopes } from './wanted-scopes.ts';

/** How long a launch address may wait for its browser. */
const LAUNCH_SECONDS = 60;
/** How long a person may take at the provider. */
export const STATE_SECONDS = 600;

export interface StateDeps {
  database: HubDatabase;
  secretBox: SecretBox;
}

export interface Flow {
  orgId: string;
  userId: string;
  /** PKCE; undefined where the provider has none. */
  codeVerifier: string | undefined;
  /** The connection that was to be able to do more. */
  connectionId: string | undefined;
  /** Where the person is led when all is done. */
  returnTo: string | undefined;
}

/** What the consent page is asked with. */
export interface Begun {
  state: string;
  /** None of either = all that the provider's definition names. */
  scopes: Scopes;
  /** PKCE: SHA-256 of the flow's verifier. */
  challenge: string | undefined;
}

/** Begins a flow for a person, who will be asked for these scopes. The answer opens it in one browser, once, within a minute. */
export async function openLaunch(
  database: HubDatabase,
  scope: OrgScope,
  flow: { provider: string; scopes: Scopes; connectionId?: string | undefined; returnTo?: string | undefined },
): Promise<string> {
  const { provider, scopes, connectionId, returnTo } = flow;
  const launchCode = randomText();
  await database.withOrg(scope, async (tx) => {
    const isLongOver = lt(oauthStates.expiresAt, sql`now() - interval '1 day'`);
    await tx.db.delete(oauthStates).where(and(eq(oauthStates.orgId, scope.orgId), isLongOver));
    await tx.db.insert(oauthStates).values({
      orgId: scope.orgId,
      // Nobody knows a state until the browser comes: until then this is one that fits nothing.
      stateHash: hashOf(randomText()),
      userId: scope.actor.id,
      provider,
      scopes: [...scopes.own],
      userScopes: [...scopes.user],
      connectionId: connectionId ?? null,
      returnTo: returnTo ?? null,
      launchCodeHash: hashOf(launchCode),
      expiresAt: sql`now() + make_interval(secs => ${LAUNCH_SECONDS})`,
    });
    tx.audit({ action: 'connection.launch', objectType: 'provider', objectId: provider, allowed: true });
  });
  return launchCode;
}

/** Binds the flow to the browser that opened its address, and gives the state to send to the provider. */
export async function beginFlow(
  deps: StateDeps,
  at: { launchCode: string; provider: string; pkce: boolean; browser: string; source: string },
): Promise<Begun> {
  const launchCodeHash = hashOf(at.launchCode);
  const orgId = await deps.database.jobs.orgOfLaunchCode(launchCodeHash);
  if (orgId === undefined) throw invalidLaunch();
  const state = randomText();
  const verifier = at.pkce ? randomText() : undefined;
  const stateHash = hashOf(state);
  const codeVerifier = verifier === undefined ? null : await deps.secretBox.seal(verifierPlace(orgId, stateHash), verifier);
  const isOurs = and(
    eq(oauthStates.launchCodeHash, launchCodeHash),
    eq(oauthStates.provider, at.provider),
    isNull(oauthStates.launchedAt),
  );
  const row = await claim(deps.database, { orgId, source: at.source, action: 'connection.consent_begin' }, (tx) =>
    tx.db
      .update(oauthStates)
      .set({
        stateHash,
        codeVerifier,
        browserHash: hashOf(at.browser),
        launchedAt: sql`now()`,
        expiresAt: sql`now() + make_interval(secs => ${STATE_SECONDS})`,
      })
      .where(and(eq(oauthStates.orgId, orgId), isOurs, gt(oauthStates.expiresAt, sql`now()`)))
      .returning(CLAIMED),
  );
  if (!row) throw invalidLaunch();
  const scopes = { own: row.scopes, user: row.userScopes };
  return { state, scopes, challenge: verifier === undefined ? undefined : challengeOf(verifier) };
}

/**
 * Ends the flow of a state: of this provider, in this browser, in time, and never before.
 *
 * @throws ClancyError `oauth_state_invalid`; which of them failed is not said
 */
export async function useState(
  deps: StateDeps,
  at: { state: string; provider: string; pkce: boolean; browser: string; source: string },
): Promise<Flow> {
  const stateHash = hashOf(at.state);
  const orgId = await deps.database.jobs.orgOfState(stateHash);
  if (orgId === undefined) throw invalidState();
  const isOurs = and(
    eq(oauthStates.stateHash, stateHash),
    eq(oauthStates.provider, at.provider),
    eq(oauthStates.browserHash, hashOf(at.browser)),
    isNull(oauthStates.usedAt),
  );
  const row = await claim(deps.database, { orgId, source: at.source, action: 'connection.consent_end' }, (tx) =>
    tx.db
      .update(oauthStates)
      .set({ usedAt: sql`now()` })
      .where(and(eq(oauthStates.orgId, orgId), isOurs, gt(oauthStates.expiresAt, sql`now()`)))
      .returning(CLAIMED),
  );
  // A provider that learned PKCE while the person was at its page: the flow has no verifier to show.
  if (!row || (at.pkce && row.codeVerifier === null)) throw invalidState();
  const sealed = at.pkce ? row.codeVerifier : null;
  const codeVerifier = sealed === null ? undefined : await deps.secretBox.open(verifierPlace(orgId, stateHash), sealed);
  const { userId, connectionId, returnTo } = row;
  return { orgId, userId, codeVerifier, connectionId: connectionId ?? undefined, returnTo: returnTo ?? undefined };
}

const { userId, codeVerifier, scopes, userScopes, connectionId, returnTo } = oauthStates;
const CLAIMED = { userId, codeVerifier, scopes, userScopes, connectionId, returnTo };

function verifierPlace(orgId: string, stateHash: string) {
  return { purpose: 'oauth-state', orgId, object: stateHash, field: 'code_verifier' };
}

type Claimed = Pick<typeof oauthStates.$inferSelect, keyof typeof CLAIMED>;

/** One conditional update; a miss leaves a trace of the misuse instead. */
async function claim(
  database: HubDatabase,
  at: { orgId: string; source: string; action: string },
  update: (tx: OrgTx) => Promise<Claimed[]>,
): Promise<Claimed | undefined> {
  const scope: OrgScope = { orgId: at.orgId, actor: { type: 'system', id: 'browser' }, source: at.source };
  return database.withOrg(scope, async (tx) => {
    const row = (await update(tx))[0];
    tx.audit({ action: at.action, objectType: 'person', objectId: row?.userId ?? '-', allowed: row !== undefined });
    return row;
  });
}

function invalidLaunch(): ClancyError {
  return new ClancyError('oauth_state_invalid', 'This address was used before or is too old.', {
    next: 'Ask for a new one: GET /oauth/launch/{provider} with your token.',
  });
}

function invalidState(): ClancyError {
  return new ClancyError('oauth_state_invalid', 'This answer belongs to no open attempt to connect in this browser.', {
    next: 'Begin again: GET /oauth/launch/{provider} with your token.',
  });
}
