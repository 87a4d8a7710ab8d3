import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import { scramVerifier } from './scram.ts';

const RUNTIME_ROLES = ['core_runtime', 'hub_runtime'] as const;
const JOB_ROLES = ['core_jobs', 'hub_jobs', 'hub_calls'] as const;
const ROLES = [...RUNTIME_ROLES, ...JOB_ROLES];

/** From this version on, membership and the right to take the role on are two things. */
const SET_OPTION_VERSION = 160_000;

/** Two migrations of one cluster at the same time: the role exists by now, or its row was just changed. */
const RACE_CODES = new Set(['42710', '23505', 'XX000']);
const ATTEMPTS = 10;

/** The database refuses what the migration needs; the message says what to do. */
export class MigrationError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'MigrationError';
  }
}

export interface RolePasswords {
  readonly coreDbPassword: string;
  readonly hubDbPassword: string;
}

/**
 * Makes the roles unless they exist and sets the passwords of the two that log in. Roles belong to the whole
 * cluster: databases in one cluster share them and their passwords. Advisory locks belong to one database, so
 * races between databases are met by repeating.
 *
 * @throws MigrationError when the owner lacks a right, or a role has one that would undo row-level security
 */
export async function ensureRoles(client: Client, passwords: RolePasswords): Promise<void> {
  for (const role of ROLES) await ensureRole(client, role);
  await refuseMightyRoles(client);
  await setPassword(client, 'core_runtime', passwords.coreDbPassword);
  await setPassword(client, 'hub_runtime', passwords.hubDbPassword);
  for (const role of JOB_ROLES) await joinRole(client, role);
}

async function ensureRole(client: Client, role: string): Promise<void> {
  const exists = async () => (await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).rowCount === 1;
  await repeatOnRace(async () => {
    if (await exists()) return;
    await demand(client, `CREATE ROLE ${role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION`);
  });
}

/** The password travels as a verifier only, so that no server log can hold it. */
async function setPassword(client: Client, role: string, password: string): Promise<void> {
  const verifier = client.escapeLiteral(scramVerifier(password));
  await repeatOnRace(() => demand(client, `ALTER ROLE ${role} LOGIN PASSWORD ${verifier}`));
}

/** Giving a function to a role takes the right to act as that role; superusers have it. */
async function joinRole(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ can: boolean }>(
    `SELECT pg_has_role(current_user, $1, CASE WHEN current_setting('server_version_num')::int >= ${SET_OPTION_VERSION}
       THEN 'SET' ELSE 'MEMBER' END) AS can`,
    [role],
  );
  if (rows[0]?.can === true) return;
  await repeatOnRace(() => demand(client, `GRANT ${role} TO CURRENT_USER`));
}

async function refuseMightyRoles(client: Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT rolname FROM pg_roles r WHERE rolname = ANY($1) AND (
       rolsuper OR rolbypassrls OR rolcreaterole
       OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))`,
    [ROLES],
  );
  if (rows.length === 0) return;
  const names = rows.map((row) => row.rolname).join(', ');
  throw new MigrationError(
    `${names}: superuser, BYPASSRLS, CREATEROLE or member of another role. Take these rights away: they undo row-level security.`,
  );
}

/** Runs a statement about roles; a refusal says what the owner needs. */
async function demand(client: Client, statement: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '42501') throw error;
    throw new MigrationError(
      'The database user of DATABASE_URL may not manage the roles core_runtime, hub_runtime, core_jobs, hub_jobs and hub_calls. ' +
        'It must be a superuser, or have CREATEROLE and, where somebody else made these roles, ADMIN OPTION on them.',
      error,
    );
  }
}

async function repeatOnRace(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const isRace = error instanceof DatabaseError && RACE_CODES.has(error.code ?? '');
      if (!isRace || attempt === ATTEMPTS) throw error;
    }
  }
}
