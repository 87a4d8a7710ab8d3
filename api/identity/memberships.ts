import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { memberships } from '../../db/schema/authz/memberships.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { actorOf } from '../http/scope.ts';

/** A membership that says the same is written again after this time only. */
const REWRITE_AFTER_MS = 60_000;
/** People remembered per process; the oldest is forgotten first. */
const MAX_REMEMBERED = 10_000;

export interface MembershipRecorder {
  /** Writes what a verified token says of a person, at most once a minute unless it changed. */
  record(person: PersonPrincipal, source: string): Promise<void>;
}

/** ConnectHub decides by `authz.memberships` at the moment of a call, so it must know whoever Agent-Core let in. */
export function createMembershipRecorder(db: Pick<CoreDatabase, 'withOrg'>, now: () => number = Date.now): MembershipRecorder {
  const written = new Map<string, { says: string; atMs: number }>();
  return {
    record: async (person, source) => {
      const key = `${person.orgId}|${person.userId}`;
      const says = JSON.stringify([person.role, person.permissions]);
      const known = written.get(key);
      if (known?.says === says && now() - known.atMs < REWRITE_AFTER_MS) return;
      const at = now();
      await write(db, person, new Date(at), source);
      written.delete(key);
      written.set(key, { says, atMs: at });
      const oldest = written.keys().next();
      if (written.size > MAX_REMEMBERED && !oldest.done) written.delete(oldest.value);
    },
  };
}

async function write(db: Pick<CoreDatabase, 'withOrg'>, person: PersonPrincipal, at: Date, source: string): Promise<void> {
  const says = { role: person.role, permissions: [...person.permissions], verifiedAt: at };
  const scope = { orgId: person.orgId, actor: actorOf(person), source };
  await db.withOrg(scope, async (tx) => {
    await tx.db
      .insert(memberships)
      .values({ orgId: tx.orgId, userId: person.userId, ...says })
      .onConflictDoUpdate({ target: [memberships.orgId, memberships.userId], set: says });
    tx.audit({
      action: 'membership.verify',
      objectType: 'membership',
      objectId: person.userId,
      allowed: true,
      details: { role: person.role },
    });
  });
}
