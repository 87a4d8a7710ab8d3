import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { oauthStates } from '../../db/schema/hub/oauth-states.ts';
import { hashOf, randomText } from './secrets.ts';

/** How long a launch address may wait for its browser. */
const LAUNCH_SECONDS = 60;
/** How long a person may take at the provider. */
export const STATE_SECONDS = 600;

export interface Flow {
  orgId: string;
  userId: string;
}

/** Begins a flow for a person. The answer opens it in one browser, once, within a minute. */
export async function openLaunch(database: HubDatabase, scope: OrgScope, provider: string): Promise<string> {
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
      launchCodeHash: hashOf(launchCode),
      expiresAt: sql`now() + make_interval(secs => ${LAUNCH_SECONDS})`,
    });
    tx.audit({ action: 'connection.launch', objectType: 'provider', objectId: provider, allowed: true });
  });
  return launchCode;
}

/** Binds the flow to the browser that opened its address, and gives the state to send to the provider. */
export async function beginFlow(
  database: HubDatabase,
  at: { launchCode: string; provider: string; browser: string; source: string },
): Promise<string> {
  const launchCodeHash = hashOf(at.launchCode);
  const orgId = await database.jobs.orgOfLaunchCode(launchCodeHash);
  if (orgId === undefined) throw invalidLaunch();
  const state = randomText();
  const isOurs = and(
    eq(oauthStates.launchCodeHash, launchCodeHash),
    eq(oauthStates.provider, at.provider),
    isNull(oauthStates.launchedAt),
  );
  const userId = await claim(database, { orgId, source: at.source, action: 'connection.consent_begin' }, (tx) =>
    tx.db
      .update(oauthStates)
      .set({
        stateHash: hashOf(state),
        browserHash: hashOf(at.browser),
        launchedAt: sql`now()`,
        expiresAt: sql`now() + make_interval(secs => ${STATE_SECONDS})`,
      })
      .where(and(eq(oauthStates.orgId, orgId), isOurs, gt(oauthStates.expiresAt, sql`now()`)))
      .returning({ userId: oauthStates.userId }),
  );
  if (userId === undefined) throw invalidLaunch();
  return state;
}

/**
 * Ends the flow of a state: of this provider, in this browser, in time, and never before.
 *
 * @throws ClancyError `oauth_state_invalid`; which of them failed is not said
 */
export async function useState(
  database: HubDatabase,
  at: { state: string; provider: string; browser: string; source: string },
): Promise<Flow> {
  const stateHash = hashOf(at.state);
  const orgId = await database.jobs.orgOfState(stateHash);
  if (orgId === undefined) throw invalidState();
  const isOurs = and(
    eq(oauthStates.stateHash, stateHash),
    eq(oauthStates.provider, at.provider),
    eq(oauthStates.browserHash, hashOf(at.browser)),
    isNull(oauthStates.usedAt),
  );
  const userId = await claim(database, { orgId, source: at.source, action: 'connection.consent_end' }, (tx) =>
    tx.db
      .update(oauthStates)
      .set({ usedAt: sql`now()` })
      .where(and(eq(oauthStates.orgId, orgId), isOurs, gt(oauthStates.expiresAt, sql`now()`)))
      .returning({ userId: oauthStates.userId }),
  );
  if (userId === undefined) throw invalidState();
  return { orgId, userId };
}

/** One conditional update; a miss leaves a trace of the misuse instead. */
async function claim(
  database: HubDatabase,
  at: { orgId: string; source: string; action: string },
  update: (tx: OrgTx) => Promise<{ userId: string }[]>,
): Promise<string | undefined> {
  const scope: OrgScope = { orgId: at.orgId, actor: { type: 'system', id: 'browser' }, source: at.source };
  return database.withOrg(scope, async (tx) => {
    const userId = (await update(tx))[0]?.userId;
    tx.audit({ action: at.action, objectType: 'person', objectId: userId ?? '-', allowed: userId !== undefined });
    return userId;
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
