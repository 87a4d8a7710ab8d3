import { sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { SealedColumn } from '../platform/secrets/key-rows.ts';
import type { CoreDatabase, HubDatabase } from './client.ts';
import { employees } from './schema/core/employees.ts';
import { memoryKeys } from './schema/core/memory-keys.ts';
import { memoryVersions } from './schema/core/memory-versions.ts';
import { runs } from './schema/core/runs.ts';
import { callKeys } from './schema/hub/call-keys.ts';
import { connections } from './schema/hub/connections.ts';
import { customProviders } from './schema/hub/custom-providers.ts';
import { oauthStates } from './schema/hub/oauth-states.ts';
import { rehearsalCalls } from './schema/hub/rehearsal-calls.ts';
import { webhookEvents } from './schema/hub/webhook-events.ts';

/** A column that holds texts of `SecretBox`, and the place that they are bound to. */
export interface ColumnOfSecrets {
  readonly table: PgTable;
  readonly name: string;
  /** The column that names the object. */
  readonly object: string;
  readonly isUuid?: boolean;
  readonly column: string;
  readonly purpose: string;
  /** The database refuses what is sealed there with a key that is not in use (`app.demand_key_in_use`). */
  readonly isGuarded: boolean;
  /** A JSON column that holds the text as its string. */
  readonly isJson?: boolean;
}

export const CORE_SECRETS: readonly ColumnOfSecrets[] = [
  {
    table: employees,
    name: 'employees.m2m_client_secret',
    object: 'employee_id',
    column: 'm2m_client_secret',
    purpose: 'employee-client',
    isGuarded: true,
  },
  {
    table: memoryKeys,
    name: 'memory_keys.sealed',
    object: 'org_id',
    column: 'sealed',
    purpose: 'memory-index',
    isGuarded: false,
  },
  {
    table: memoryVersions,
    name: 'memory_versions.content',
    object: 'version_id',
    isUuid: true,
    column: 'content',
    purpose: 'memory',
    isGuarded: false,
  },
  { table: runs, name: 'runs.memory', object: 'run_id', column: 'memory', purpose: 'run-memory', isGuarded: false },
];

const ofConnection = { table: connections, object: 'connection_id', purpose: 'connection-token', isGuarded: true } as const;

const ofRehearsal = { table: rehearsalCalls, object: 'call_id', purpose: 'rehearsal-call', isGuarded: false } as const;

/** Results of calls and events are too many to be guarded: whoever retires a key has looked through them first. */
export const HUB_SECRETS: readonly ColumnOfSecrets[] = [
  { ...ofConnection, name: 'connections.access_token', column: 'access_token' },
  { ...ofConnection, name: 'connections.refresh_token', column: 'refresh_token' },
  {
    table: customProviders,
    name: 'custom_providers.client_secret',
    object: 'provider',
    column: 'client_secret',
    purpose: 'own-provider',
    isGuarded: true,
  },
  {
    table: oauthStates,
    name: 'oauth_states.code_verifier',
    object: 'state_hash',
    column: 'code_verifier',
    purpose: 'oauth-state',
    isGuarded: false,
  },
  {
    table: callKeys,
    name: 'call_keys.result',
    object: 'call_id',
    column: 'result',
    purpose: 'call-result',
    isGuarded: false,
    isJson: true,
  },
  {
    table: webhookEvents,
    name: 'webhook_events.payload',
    object: 'event_id',
    isUuid: true,
    column: 'payload',
    purpose: 'webhook-event',
    isGuarded: false,
    isJson: true,
  },
  { ...ofRehearsal, name: 'rehearsal_calls.parameters', column: 'parameters' },
  { ...ofRehearsal, name: 'rehearsal_calls.result', column: 'result' },
];

/** Below every random one. */
const LOWEST_UUID = '00000000-0000-0000-0000-000000000000';

export const BY_KEYS_COMMAND = { actor: { type: 'system', id: 'clancy-keys' }, source: 'clancy-keys' } as const;

/** The columns as whoever seals them anew sees them. */
export function sealedColumns(
  db: Pick<CoreDatabase | HubDatabase, 'withOrg' | 'withOrgRead'>,
  secrets: readonly ColumnOfSecrets[],
): SealedColumn[] {
  return secrets.map((secret) => toSealedColumn(db, secret));
}

/** The sealed text of a column; null for what is none. */
export function textOf({ column, isJson }: ColumnOfSecrets): SQL {
  const name = sql.identifier(column);
  if (isJson !== true) return sql`${name}`;
  // What is from before such columns were sealed stands as it is.
  return sql`(case when jsonb_typeof(${name}) = 'string' and ${name} #>> '{}' like 'v1.%' then ${name} #>> '{}' end)`;
}

function toSealedColumn(db: Pick<CoreDatabase | HubDatabase, 'withOrg' | 'withOrgRead'>, secret: ColumnOfSecrets): SealedColumn {
  const { table, name, column, purpose } = secret;
  const object = sql.identifier(secret.object);
  const text = textOf(secret);
  const isUuid = secret.isUuid === true;
  const type = sql.raw(isUuid ? 'uuid' : 'text');
  const after = secret.isJson === true ? sql`to_jsonb(v.after)` : sql`v.after`;
  return {
    name,
    placeOf: (orgId, id) => ({ purpose, orgId, object: id, field: column }),
    page: (orgId, last, limit) =>
      db.withOrgRead({ orgId }, async (tx) => {
        const { rows } = await tx.db.execute<{ object: string; sealed: string }>(
          sql`select ${object}::text as object, ${text} as sealed from ${table}
            where org_id = ${orgId} and ${object} > ${isUuid && last === '' ? LOWEST_UUID : last}::${type} and ${text} is not null order by ${object} limit ${limit}`,
        );
        return rows;
      }),
    replace: (orgId, changes) =>
      db.withOrg({ orgId, ...BY_KEYS_COMMAND }, async (tx) => {
        const { rowCount } = await tx.db.execute(
          sql`update ${table} t set ${sql.identifier(column)} = ${after}
            from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as v(object text, before text, after text)
            where t.org_id = ${orgId} and t.${object} = v.object::${type} and ${text} = v.before`,
        );
        const rows = rowCount ?? 0;
        tx.audit({ action: 'data_key.reseal', objectType: 'column', objectId: name, allowed: true, details: { rows } });
        return rows;
      }),
  };
}
