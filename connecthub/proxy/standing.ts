import { and, eq, isNull, sql, type Table } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import { launchPath } from '../../contracts/launch.ts';
import type { Budget, Policy } from '../../contracts/policy.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { budgets } from '../../db/schema/authz/budgets.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import { memberships } from '../../db/schema/authz/memberships.ts';
import { policies } from '../../db/schema/authz/policies.ts';
import { quotas } from '../../db/schema/authz/quotas.ts';
import { authzRuns } from '../../db/schema/authz/runs.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { statement } from '../../db/statement.ts';
import { hasCapability } from '../../platform/auth/principal.ts';
import { limitColumns, toAllowance, type QuotaRow } from '../limits/allowance.ts';
import type { Allowance } from '../limits/budget.ts';
import { loadTerms, rehearsedConnection } from '../rehearsal/terms.ts';
import { needsReauth, TOKEN_COLUMNS, type TokenRow } from '../tokens/connection-token.ts';
import { tokenRowOfCall, type Call } from './call.ts';
import { tokenKindOf } from '../providers/definition.ts';
import type { Capability } from '../providers/registry.ts';

/** Everything that the right to make a call rests on, as it stands at one moment. */
export interface Standing {
  /** Versions of the rows that it was read from: it stands as long as they do. Limits, their use and the time are apart. */
  version: string;
  run: {
    status: 'open' | 'closed';
    pausedAt: Date | null;
    employeeId: string;
    version: number;
    callScope: string;
    mode: 'live' | 'rehearsal';
    planHash: string;
  };
  /** Connection of the grant; null = no grant. */
  grantedConnection: string | null;
  /** Permissions of the person behind the run; null = no member (any more). */
  permissions: string[] | null;
  rules: Policy | null;
  connection: (TokenRow & { provider: string; accountName: string; status: string; scopes: string[] }) | null;
  /** Null = the default. */
  budget: Budget | null;
  /** Null = the default. */
  quota: QuotaRow | null;
  used: Allowance['used'];
  nowMs: number;
  providerLimit: { reason: string; left_ms: number } | null;
}

/** One query for all of it. */
export async function loadStanding(tx: OrgReadTx, call: Call): Promise<Standing | undefined> {
  const { orgId, ticket, qualified: capability, connectionId } = call;
  const { runId, callScope, employeeId, initiator } = ticket;
  const wanted = { orgId, runId, callScope, employeeId, initiatorId: initiator.id, capability, connectionId };
  const [standing] = await selectStanding(tx.db).execute({ ...wanted, tokenRow: tokenRowOfCall(call) });
  if (!standing || ticket.mode === 'live') return standing;
  const terms = await loadTerms(tx, runId);
  // A rehearsal reads over the connections that it was given, whatever was granted: it changes nothing over any.
  return terms ? { ...standing, grantedConnection: rehearsedConnection(terms, capability) } : standing;
}

/** A workflow hears of a pause well within it. */
const PAUSED_RETRY_MS = 2_000;

const asked = {
  orgId: sql.placeholder('orgId'),
  runId: sql.placeholder('runId'),
  callScope: sql.placeholder('callScope'),
  employeeId: sql.placeholder('employeeId'),
  initiatorId: sql.placeholder('initiatorId'),
  capability: sql.placeholder('capability'),
  connectionId: sql.placeholder('connectionId'),
  tokenRow: sql.placeholder('tokenRow'),
};

/** A row has another `xmin` from each change on. `hub.begin_call` makes the same text. */
const versionOf = (table: Table) => sql`coalesce(${table}.xmin::text, '-')`;
const version = sql<string>`concat_ws(',', ${sql.join(
  [authzRuns, grants, memberships, policies, budgets, quotas, connections].map(versionOf),
  sql`, `,
)})`;

const selectStanding = statement((db) =>
  db
    .select({
      version,
      run: {
        status: authzRuns.status,
        pausedAt: authzRuns.pausedAt,
        employeeId: authzRuns.employeeId,
        version: authzRuns.version,
        callScope: authzRuns.callScope,
        mode: authzRuns.mode,
        planHash: authzRuns.planHash,
      },
      grantedConnection: grants.connectionId,
      permissions: memberships.permissions,
      rules: policies.rules,
      connection: {
        provider: connections.provider,
        accountName: connections.accountName,
        status: connections.status,
        scopes: connections.scopes,
        ...TOKEN_COLUMNS,
      },
      budget: budgets.budget,
      quota: { effectsPerDay: quotas.effectsPerDay, callsPerMinute: quotas.callsPerMinute, callsAtOnce: quotas.callsAtOnce },
      ...limitColumns(asked.orgId, asked, asked),
    })
    .from(authzRuns)
    .leftJoin(
      grants,
      and(
        eq(grants.orgId, authzRuns.orgId),
        eq(grants.employeeId, authzRuns.employeeId),
        eq(grants.capability, asked.capability),
        isNull(grants.revokedAt),
      ),
    )
    .leftJoin(
      memberships,
      and(eq(memberships.orgId, authzRuns.orgId), eq(memberships.userId, asked.initiatorId), isNull(memberships.removedAt)),
    )
    .leftJoin(
      policies,
      and(
        eq(policies.orgId, authzRuns.orgId),
        eq(policies.employeeId, authzRuns.employeeId),
        eq(policies.version, authzRuns.version),
      ),
    )
    .leftJoin(budgets, and(eq(budgets.orgId, authzRuns.orgId), eq(budgets.employeeId, authzRuns.employeeId)))
    .leftJoin(quotas, eq(quotas.orgId, authzRuns.orgId))
    .leftJoin(connections, and(eq(connections.orgId, authzRuns.orgId), eq(connections.connectionId, asked.tokenRow)))
    .where(and(eq(authzRuns.orgId, asked.orgId), eq(authzRuns.runId, asked.runId)))
    .prepare('select_standing'),
);

/** What a standing that lets a call pass leaves to know. */
export interface Cleared {
  rules: Policy;
  accountName: string;
  scopes: string[];
  /** Of the connection, sealed. */
  token: TokenRow;
  allowance: Allowance;
  /** How long the provider still wants to be left alone, in its own word. */
  providerLimit: { reason: string; leftMs: number } | undefined;
}

/**
 * Step 1 as far as it is about rights: grant, scope, membership, run, connection. In the order of the design; the
 * first that fails is named.
 */
export function checkStanding(standing: Standing | undefined, call: Call, capability: Capability): Cleared {
  if (call.ticket.mode === 'rehearsal' && capability.definition.risk !== 'read') {
    throw new ClancyError('policy_denied', 'A rehearsal changes nothing at a provider.');
  }
  return checkRehearsedStanding(standing, call, capability);
}

/** The same for a call that is not sent: what it would change does not matter. */
export function checkRehearsedStanding(standing: Standing | undefined, call: Call, capability: Capability): Cleared {
  if (!standing) throw new ClancyError('run_not_open', 'The run of this ticket is not open.');
  checkGrant(standing, call);
  checkScopes(call);
  checkInitiator(standing, capability);
  checkRun(standing, call);
  const { providerLimit: limit } = standing;
  return {
    rules: rulesOf(standing),
    ...checkConnection(standing, call, capability),
    allowance: toAllowance(standing),
    providerLimit: limit ? { reason: limit.reason, leftMs: limit.left_ms } : undefined,
  };
}

function checkGrant({ grantedConnection }: Standing, call: Call): void {
  if (grantedConnection === call.connectionId) return;
  const what = grantedConnection === null ? '' : ' over this connection';
  throw new ClancyError('grant_missing', `The employee has no grant for ${call.qualified}${what}.`, {
    next: 'Someone with the permission grants.write can grant it by activating the employee.',
  });
}

function checkScopes(call: Call): void {
  if (!hasCapability(call.agent, call.qualified)) {
    throw new ClancyError('capability_scope_missing', `The employee's token does not name ${call.qualified}.`);
  }
  if (!call.ticket.capabilities.includes(call.qualified)) {
    throw new ClancyError('capability_scope_missing', `The run's ticket does not name ${call.qualified}.`);
  }
}

/** A schedule's or subscription's principal is its owner, so every initiator is looked up as a member. */
function checkInitiator({ permissions }: Standing, capability: Capability): void {
  if (permissions === null) {
    throw new ClancyError('membership_missing', 'Whoever started the run is no member of the organisation.');
  }
  const needed = capability.definition.risk === 'read' ? 'use.read' : 'use.write';
  if (!permissions.includes(needed)) {
    throw new ClancyError('permission_missing', `Whoever started the run lacks the permission ${needed}.`, {
      extra: { permission: needed },
    });
  }
}

function checkRun({ run }: Standing, { ticket }: Call): void {
  const isTheTickets =
    run.employeeId === ticket.employeeId &&
    run.version === ticket.employeeVersion &&
    run.callScope === ticket.callScope &&
    run.planHash === ticket.planHash &&
    run.mode === ticket.mode;
  if (!isTheTickets) throw new ClancyError('ids_disagree', 'The ticket is not that of the run it names.');
  if (run.status !== 'open') throw new ClancyError('run_closed', 'The run has ended.');
  if (run.pausedAt !== null) {
    throw new ClancyError('run_paused', 'The run is paused.', {
      retryAfterMs: PAUSED_RETRY_MS,
      next: 'POST /v1/runs/{run_id}/resume lets it go on.',
    });
  }
}

function rulesOf({ rules }: Standing): Policy {
  if (rules === null) throw new ClancyError('policy_denied', 'The policy of this employee version is not recorded.');
  return rules;
}

function checkConnection(
  { connection }: Standing,
  { connectionId }: Call,
  { provider, definition, qualified }: Capability,
): Pick<Cleared, 'accountName' | 'scopes' | 'token'> {
  const { id } = provider.definition;
  const next = `Connect an account: GET /oauth/launch/${id}.`;
  // Only its own row says that there is no such connection; the person's beside it may never have been asked for.
  if (!connection && tokenKindOf(definition) === 'user') throw scopeMissing(id, qualified, connectionId, definition.scopes);
  if (!connection || connection.provider !== id || connection.status === 'disconnected') {
    throw new ClancyError('connection_missing', `There is no such connection to ${provider.definition.title}.`, { next });
  }
  if (connection.status !== 'active') throw needsReauth(id);
  const missing = definition.scopes.filter((scope) => !connection.scopes.includes(scope));
  if (missing.length > 0) throw scopeMissing(id, qualified, connectionId, missing);
  return { accountName: connection.accountName, scopes: connection.scopes, token: connection };
}

function scopeMissing(provider: string, qualified: string, connectionId: string, scopes: readonly string[]): ClancyError {
  return new ClancyError('scope_missing', `The connection lacks the scopes ${scopes.join(', ')}.`, {
    next: 'Let a person allow them: GET `launch` of ConnectHub with their token answers the address.',
    extra: { scopes: [...scopes], launch: launchPath(provider, { capabilities: [qualified], connectionId }) },
  });
}
