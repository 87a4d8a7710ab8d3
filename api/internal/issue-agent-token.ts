import { and, eq, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { authzRuns } from '../../db/schema/authz/runs.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import { statement } from '../../db/statement.ts';
import type { AgentTokenSource } from '../../platform/auth/agent-token-source.ts';
import { AuthError } from '../../platform/auth/auth-error.ts';
import type { RunTicket } from '../../platform/auth/run-ticket.ts';
import { TokenRequestError } from '../../platform/auth/token-request.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { findEmployee } from '../employees/find.ts';
import { clientSecretPlace } from '../identity/client-secret.ts';

export const agentTokenBody = z.strictObject({ ticket: z.string().min(1).max(64_000) });
export const agentTokenView = z.strictObject({ access_token: z.string(), expires_at: z.iso.datetime() });

export interface AgentTokenDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'auditDenied'>;
  /** Rejects with `AuthError`. */
  verifyTicket: (ticket: string) => Promise<RunTicket>;
  secrets: Pick<SecretBox, 'open'>;
  tokens: AgentTokenSource;
}

/**
 * The employee's short-lived token for whoever holds a worker's token and the ticket of an open run. It names what the
 * ticket allows and the organisation still grants; in a rehearsal, what the ticket allows.
 *
 * @throws ClancyError `ticket_invalid`, `run_not_open`, `dependency_unavailable`.
 */
export async function issueAgentToken(
  deps: AgentTokenDeps,
  source: string,
  body: z.infer<typeof agentTokenBody>,
): Promise<z.infer<typeof agentTokenView>> {
  const ticket = await verify(deps, body.ticket);
  const scope: OrgScope = { orgId: ticket.orgId, actor: { type: 'service', id: 'worker' }, source };
  const employee = await deps.db
    .withOrg(scope, (tx) => identityFor(tx, ticket))
    .catch(async (error: unknown) => {
      if (error instanceof ClancyError && error.code === 'run_not_open') await auditRefusal(deps, scope, ticket);
      throw error;
    });
  const clientSecret = await deps.secrets.open(clientSecretPlace(ticket.orgId, ticket.employeeId), employee.sealedSecret);
  const { clientId, capabilityScope } = employee;
  const token = await deps.tokens
    .agentToken({ clientId, clientSecret, orgId: ticket.orgId, employeeId: ticket.employeeId, capabilityScope })
    .catch(unavailable);
  return { access_token: token.accessToken, expires_at: new Date(token.expiresAtMs).toISOString() };
}

async function verify(deps: AgentTokenDeps, ticket: string): Promise<RunTicket> {
  return deps.verifyTicket(ticket).catch((error: unknown) => {
    if (error instanceof AuthError) throw new ClancyError('ticket_invalid', 'The run ticket is not valid.');
    throw error;
  });
}

interface Identity {
  clientId: string;
  sealedSecret: string;
  capabilityScope: string[];
}

async function identityFor(tx: OrgTx, ticket: RunTicket): Promise<Identity> {
  const { runId, employeeId } = ticket;
  const [[run], granted] = await Promise.all([
    selectRunStatus(tx.db).execute({ orgId: tx.orgId, runId }),
    selectGranted(tx.db).execute({ orgId: tx.orgId, employeeId }),
  ]);
  if (run?.status !== 'open' || run.mode !== ticket.mode)
    throw new ClancyError('run_not_open', 'The run of this ticket is not open.');
  const grantedIds = granted.map(({ capability }) => capability);
  const employee = await findEmployee(tx, employeeId);
  if (employee.m2mClientId === null || employee.m2mClientSecret === null) {
    throw new ClancyError('dependency_unavailable', 'The employee has no app client yet.', { retryAfterMs: 1_000 });
  }
  tx.audit({ action: 'agent_token.issue', objectType: 'run', objectId: ticket.runId, allowed: true });
  return {
    clientId: employee.m2mClientId,
    sealedSecret: employee.m2mClientSecret,
    // ConnectHub sends nothing of a rehearsal that changes anything, and its reads go by the rehearsal's own connections.
    capabilityScope:
      ticket.mode === 'rehearsal' ? [...ticket.capabilities] : grantedIds.filter((id) => ticket.capabilities.includes(id)),
  };
}

const selectRunStatus = statement((db) =>
  db
    .select({ status: authzRuns.status, mode: authzRuns.mode })
    .from(authzRuns)
    .where(and(eq(authzRuns.orgId, sql.placeholder('orgId')), eq(authzRuns.runId, sql.placeholder('runId'))))
    .prepare('select_run_status'),
);

const selectGranted = statement((db) =>
  db
    .select({ capability: grants.capability })
    .from(grants)
    .where(
      and(
        eq(grants.orgId, sql.placeholder('orgId')),
        eq(grants.employeeId, sql.placeholder('employeeId')),
        isNull(grants.revokedAt),
      ),
    )
    .prepare('select_granted'),
);

async function auditRefusal(deps: AgentTokenDeps, scope: OrgScope, ticket: RunTicket): Promise<void> {
  const entry = { action: 'agent_token.issue', objectType: 'run', objectId: ticket.runId, details: { code: 'run_not_open' } };
  await deps.db.auditDenied(scope, entry);
}

function unavailable(error: unknown): never {
  if (!(error instanceof TokenRequestError)) throw error;
  throw new ClancyError('dependency_unavailable', 'The identity provider gives no token right now.', {
    retryAfterMs: 2_000,
    cause: error,
  });
}
