import { and, eq } from 'drizzle-orm';
import type { RehearsedApprovals, RehearsedQuestion } from '../../contracts/rehearsal.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { authzRehearsals } from '../../db/schema/authz/rehearsals.ts';
import type { Asking } from '../proxy/decide.ts';

/** What a rehearsal goes by, as the person who asked for it said. */
export interface Terms {
  /** By provider: over which it may read. */
  connections: { [provider: string]: string };
  approvals: RehearsedApprovals;
  /** Run whose recorded reads answer its own. */
  readsFrom: string | null;
}

/** Undefined for a run that is none. */
export async function loadTerms(tx: OrgReadTx, runId: string): Promise<Terms | undefined> {
  const { connections, approvals, readsFrom } = authzRehearsals;
  const [row] = await tx.db
    .select({ connections, approvals, readsFrom })
    .from(authzRehearsals)
    .where(and(eq(authzRehearsals.orgId, tx.orgId), eq(authzRehearsals.runId, runId)));
  return row;
}

/** The connection that takes the place of a granted one; null = the rehearsal has none for this provider. */
export function rehearsedConnection({ connections }: Terms, qualified: string): string | null {
  const provider = qualified.slice(0, qualified.indexOf('/'));
  return Object.hasOwn(connections, provider) ? (connections[provider] ?? null) : null;
}

/** What people would have been asked, and what they are taken to have said. */
export function answerOfPeople({ approvals }: Terms, qualified: string, asking: Asking): RehearsedQuestion {
  const own = Object.hasOwn(approvals.capabilities, qualified) ? approvals.capabilities[qualified] : undefined;
  const { approvers, reason, timeoutSeconds: timeout_seconds } = asking;
  return { approvers, reason, timeout_seconds, answer: own ?? approvals.answer };
}
