import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { makeEmployeeId, makeRunId } from '../contracts/ids.ts';

/** Rows that other rows refer to, written as the owner: for suites that are about the database itself. */
export async function insertEmployee(owner: pg.Client, orgId: string): Promise<string> {
  const employeeId = makeEmployeeId(randomBytes(16));
  await owner.query(`insert into core.employees (org_id, employee_id, name, owner_user_id) values ($1, $2, 'Ann', 'user_1')`, [
    orgId,
    employeeId,
  ]);
  await owner.query(
    `insert into core.employee_versions
       (org_id, employee_id, version, job_description, definition, explanation, content_hash, created_by)
     values ($1, $2, 1, '', '{}', '{}', '', 'user_1')`,
    [orgId, employeeId],
  );
  return employeeId;
}

export async function insertRun(owner: pg.Client, orgId: string, status = 'requested'): Promise<string> {
  const employeeId = await insertEmployee(owner, orgId);
  const runId = makeRunId({ employee: employeeId, version: 1, at: '2026-11-23T10:00:00.000Z' });
  await owner.query(
    `insert into core.runs (org_id, run_id, employee_id, version, execution_id, status, trigger, initiator, intent)
     values ($1, $2, $3, 1, $4, $5, '{}', '{}', '{}')`,
    [orgId, runId, employeeId, randomUUID(), status],
  );
  return runId;
}

export async function insertConnection(owner: pg.Client, orgId: string): Promise<string> {
  const connectionId = `conn_${randomBytes(8).toString('hex')}`;
  await owner.query(
    `insert into hub.connections
       (org_id, connection_id, provider, account_id, account_name, access_token, connected_by)
     values ($1, $2, 'slack', $2, 'Acme', 'sealed', 'user_1')`,
    [orgId, connectionId],
  );
  return connectionId;
}
