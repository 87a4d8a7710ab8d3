import type { QueryResultRow } from 'pg';

/** One leased outbox row. Read and sent in a transaction of its organisation. */
export interface OutboxRef {
  orgId: string;
  id: number;
}

/** A connection, and whose it is. */
export interface ConnectionRef {
  orgId: string;
  connectionId: string;
}

/** One leased webhook event. */
export interface WebhookEventRef {
  orgId: string;
  eventId: string;
}

/** Webhooks name accounts at providers and no organisation. */
export interface WebhookJobs {
  /** The connections of an account: by its id, or by a name that a subscription made known. */
  orgOfConnection(provider: string, accounts: readonly string[]): Promise<ConnectionRef[]>;
  /** Leases up to `limit` events, of each connection only the lowest that waits. */
  claimWebhookEvents(owner: string, limit: number, leaseMs: number): Promise<WebhookEventRef[]>;
  /** Leases subscriptions whose provider is to be asked again. */
  claimWebhookSubscriptions(owner: string, limit: number, leaseMs: number): Promise<ConnectionRef[]>;
  /** Deletes events that ended so long ago; resolves to how many, `limit` at most. */
  cleanWebhookEvents(keepDays: number, limit: number): Promise<number>;
  /** What waits for Agent-Core and what is parked, by provider; ten thousand of each at most are counted. */
  webhookFigures(): Promise<WebhookFigure[]>;
}

export interface WebhookFigure {
  provider: string;
  kind: 'unsent' | 'parked';
  amount: number;
  oldestSeconds: number;
}

/** Of either process: which key encryption keys its wrapped data keys name. */
export interface KeyJobs {
  /** Organisations that have a data key under another key encryption key than this one; `after` is the last of the page before. */
  orgsUnderOtherKek(kek: string, limit: number, after?: string): Promise<string[]>;
  /** How many data keys each key encryption key wraps. */
  keysByKek(): Promise<{ kek: string; keys: number }[]>;
}

/** Agent-Core's work over all organisations: named functions of the database that return ids and nothing else. */
export interface CoreJobs extends KeyJobs, SealJobs {
  /** Leases up to `limit` unsent rows, of each run only the lowest `seq`. */
  claimOutbox(owner: string, limit: number, leaseMs: number): Promise<OutboxRef[]>;
  /** Runs without a recorded end, ordered by run id; `after` is the last one of the page before. */
  openRuns(limit: number, after?: string): Promise<{ orgId: string; runId: string }[]>;
  /** Pending approvals past their expiry, the oldest first. */
  expiredApprovals(limit: number): Promise<{ orgId: string; approvalId: string }[]>;
  /** Organisation of an employee; the ids of its workflows name the employee only. */
  orgOfEmployee(employeeId: string): Promise<string | undefined>;
  /** Organisation of a schedule, likewise. */
  orgOfSchedule(scheduleId: string): Promise<string | undefined>;
  /** Organisations that remember something, in order; `after` is the last one of the page before. */
  memoryOrgs(limit: number, after?: string): Promise<string[]>;
  /** Blobs whose time is over, the oldest first. */
  expiredBlobs(limit: number): Promise<{ orgId: string; objectId: string }[]>;
  /** The last number of each of these organisations' FactStreams; those without facts are left out. */
  factHeads(orgIds: readonly string[]): Promise<{ orgId: string; seq: number }[]>;
  /** Organisations whose FactStream goes on behind this consumer's place. */
  orgsWithUnreadFacts(consumer: string, limit: number): Promise<string[]>;
}

/** Of either process: its audit's chain. */
export interface SealJobs {
  /** Organisations with audit rows that are so old and not sealed yet. */
  orgsToSeal(olderThanMs: number, limit: number): Promise<string[]>;
}

/** ConnectHub's work over all organisations, likewise. */
export interface HubJobs extends KeyJobs, SealJobs, WebhookJobs {
  claimOutbox(owner: string, limit: number, leaseMs: number): Promise<OutboxRef[]>;
  /** Organisation of an OAuth state, by its SHA-256. */
  orgOfState(stateHash: string): Promise<string | undefined>;
  /** Organisation of a launch code, by its SHA-256. */
  orgOfLaunchCode(launchCodeHash: string): Promise<string | undefined>;
  /** Connections that a copy was at when it died: refreshing their token, or ending their grant. */
  leftConnections(limit: number): Promise<{ orgId: string; connectionId: string }[]>;
  /** How many connections cannot be refreshed right now, by provider. */
  failingRefreshes(): Promise<{ provider: string; amount: number }[]>;
  /** Calls in flight past their deadline, and those that may be settled now. */
  staleCalls(limit: number): Promise<{ orgId: string; callId: string }[]>;
  /** Makes the monthly partitions of the receipts from this month on; resolves to how many were missing. */
  makeReceiptPartitions(monthsAhead: number): Promise<number>;
  /** Deletes what is so many days past its time (430 at least), up to `limit` of each kind; resolves to how much of each. */
  cleanPast(keepDays: number, limit: number): Promise<Cleaned[]>;
  /** Drops the oldest month of receipts that is so old (430 days at least); resolves to how many were dropped: 1 or 0. */
  dropReceiptMonth(keepDays: number): Promise<number>;
}

export interface Cleaned {
  /** A table of `hub`. */
  what: string;
  gone: number;
}

export type RunQuery = <R extends QueryResultRow>(text: string, values: unknown[]) => Promise<R[]>;

export function coreJobs(query: RunQuery): CoreJobs {
  return {
    claimOutbox: (owner, limit, leaseMs) => claim(query, 'core.claim_outbox', owner, limit, leaseMs),
    openRuns: (limit, after) =>
      query('select org_id as "orgId", run_id as "runId" from core.open_runs($1, $2)', [limit, after ?? '']),
    expiredApprovals: (limit) =>
      query('select org_id as "orgId", approval_id as "approvalId" from core.expired_approvals($1)', [limit]),
    orgOfEmployee: (employeeId) => orgOf(query, 'core.org_of_employee', employeeId),
    orgOfSchedule: (scheduleId) => orgOf(query, 'core.org_of_schedule', scheduleId),
    expiredBlobs: (limit) => query('select org_id as "orgId", object_id as "objectId" from core.expired_blobs($1)', [limit]),
    memoryOrgs: (limit, after = '') => orgs(query, 'select org_id from core.memory_orgs($1, $2)', [limit, after]),
    factHeads: async (orgIds) => {
      const rows = await query<{ org_id: string; seq: string }>('select org_id, seq from core.fact_heads($1)', [[...orgIds]]);
      return rows.map((row) => ({ orgId: row.org_id, seq: Number(row.seq) }));
    },
    orgsWithUnreadFacts: (...asked) => orgs(query, 'select org_id from core.orgs_with_unread_facts($1, $2)', asked),
    ...sealJobs(query, 'core'),
    ...keyJobs(query, 'core'),
  };
}

export function hubJobs(query: RunQuery): HubJobs {
  return {
    claimOutbox: (owner, limit, leaseMs) => claim(query, 'hub.claim_outbox', owner, limit, leaseMs),
    orgOfState: (hash) => orgOf(query, 'hub.org_of_state', hash),
    orgOfLaunchCode: (hash) => orgOf(query, 'hub.org_of_launch_code', hash),
    leftConnections: (limit) =>
      query('select org_id as "orgId", connection_id as "connectionId" from hub.left_connections($1)', [limit]),
    failingRefreshes: () => query('select provider, amount::int as amount from hub.failing_refreshes()', []),
    staleCalls: (limit) => query('select org_id as "orgId", call_id as "callId" from hub.stale_calls($1)', [limit]),
    makeReceiptPartitions: async (monthsAhead) => {
      const rows = await query<{ made: number }>('select hub.make_receipt_partitions($1) as made', [monthsAhead]);
      return rows[0]?.made ?? 0;
    },
    cleanPast: (keepDays, limit) => query('select what, gone::int as gone from hub.clean_past($1, $2)', [keepDays, limit]),
    dropReceiptMonth: async (keepDays) => {
      const rows = await query<{ dropped: number }>('select hub.drop_receipt_month($1) as dropped', [keepDays]);
      return rows[0]?.dropped ?? 0;
    },
    ...webhookJobs(query),
    ...sealJobs(query, 'hub'),
    ...keyJobs(query, 'hub'),
  };
}

function webhookJobs(query: RunQuery): WebhookJobs {
  const connection = 'org_id as "orgId", connection_id as "connectionId"';
  return {
    orgOfConnection: (provider, accounts) =>
      query(`select ${connection} from hub.org_of_connection($1, $2)`, [provider, [...accounts]]),
    claimWebhookEvents: (...claimed) =>
      query('select org_id as "orgId", event_id as "eventId" from hub.claim_webhook_events($1, $2, $3)', claimed),
    claimWebhookSubscriptions: (...claimed) =>
      query(`select ${connection} from hub.claim_webhook_subscriptions($1, $2, $3)`, claimed),
    cleanWebhookEvents: async (keepDays, limit) => {
      const rows = await query<{ gone: number }>('select hub.clean_webhook_events($1, $2) as gone', [keepDays, limit]);
      return rows[0]?.gone ?? 0;
    },
    webhookFigures: () =>
      query('select provider, kind, amount::float8 as amount, oldest_seconds as "oldestSeconds" from hub.webhook_figures()', []),
  };
}

function keyJobs(query: RunQuery, schema: 'core' | 'hub'): KeyJobs {
  return {
    orgsUnderOtherKek: async (kek, limit, after) => {
      const text = `select org_id from ${schema}.orgs_under_other_kek($1, $2, $3)`;
      return (await query<{ org_id: string }>(text, [kek, limit, after ?? ''])).map((row) => row.org_id);
    },
    keysByKek: () => query(`select kek, keys from ${schema}.keys_by_kek()`, []),
  };
}

function sealJobs(query: RunQuery, schema: 'core' | 'hub'): SealJobs {
  return { orgsToSeal: (...asked) => orgs(query, `select org_id from ${schema}.orgs_to_seal($1, $2)`, asked) };
}

async function orgs(query: RunQuery, text: string, values: unknown[]): Promise<string[]> {
  return (await query<{ org_id: string }>(text, values)).map((row) => row.org_id);
}

type ClaimFunction = 'core.claim_outbox' | 'hub.claim_outbox';

async function claim(query: RunQuery, name: ClaimFunction, owner: string, limit: number, leaseMs: number) {
  const rows = await query<{ org_id: string; id: string }>(`select org_id, id from ${name}($1, $2, $3)`, [owner, limit, leaseMs]);
  return rows.map((row) => ({ orgId: row.org_id, id: Number(row.id) }));
}

type OrgFunction = 'core.org_of_employee' | 'core.org_of_schedule' | 'hub.org_of_state' | 'hub.org_of_launch_code';

async function orgOf(query: RunQuery, name: OrgFunction, key: string) {
  const rows = await query<{ org_id: string | null }>(`select ${name}($1) as org_id`, [key]);
  return rows[0]?.org_id ?? undefined;
}
