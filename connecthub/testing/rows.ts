import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { PolicyRule } from '../../contracts/policy.ts';
import { permissionsOfRole, type Role } from '../../platform/auth/permissions.ts';
import type { RunTicketClaims } from '../../platform/auth/run-ticket.ts';

/** Rows that Agent-Core would write, written as the owner. */

export async function insertMember(owner: pg.Client, orgId: string, userId: string, role: Role): Promise<void> {
  await owner.query(
    `insert into authz.memberships (org_id, user_id, role, permissions, verified_at) values ($1, $2, $3, $4, now())
     on conflict (org_id, user_id) do update set role = excluded.role, permissions = excluded.permissions`,
    [orgId, userId, role, [...permissionsOfRole(role)]],
  );
}

export async function insertRights(
  owner: pg.Client,
  rights: { claims: RunTicketClaims; connectionId: string; rules: PolicyRule[] },
): Promise<void> {
  const { claims, connectionId, rules } = rights;
  const { orgId, employeeId, employeeVersion, runId, callScope, initiator, mode, planHash } = claims;
  for (const capability of claims.capabilities) {
    await owner.query(
      `insert into authz.grants (org_id, employee_id, capability, connection_id, granted_by) values ($1, $2, $3, $4, 'user_owner')`,
      [orgId, employeeId, capability, connectionId],
    );
  }
  await owner.query(`insert into authz.policies (org_id, employee_id, version, rules) values ($1, $2, $3, $4)`, [
    orgId,
    employeeId,
    employeeVersion,
    JSON.stringify(rules),
  ]);
  await owner.query(
    `insert into authz.runs (org_id, run_id, employee_id, version, execution_id, call_scope, initiator_type, initiator_id, mode, plan_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [orgId, runId, employeeId, employeeVersion, randomUUID(), callScope, initiator.type, initiator.id, mode, planHash],
  );
}

export async function insertApproval(
  owner: pg.Client,
  approval: { claims: RunTicketClaims; ask: Record<string, unknown>; callId: string; status?: string; expired?: boolean },
): Promise<string> {
  const { claims, ask, callId, status = 'approved', expired = false } = approval;
  const id = randomUUID();
  await owner.query(
    `insert into authz.approvals (org_id, approval_id, run_id, workflow_id, request_key, call_id, digest, capability, capability_version,
       connection_id, parameters, question, details, approvers, initiator_id, status, on_timeout, expires_at, decided_by, decided_at)
     values ($1, $2, $3, $3, $4, $4, $5, $6, $7, $8, $9, 'May it?', '{}', $13, $10, $11, 'reject', now() + $12::interval, 'user_boss',
       now())`,
    [
      claims.orgId,
      id,
      claims.runId,
      callId,
      ask['digest'],
      ask['capability'],
      ask['capability_version'],
      ask['connection_id'],
      JSON.stringify(ask['parameters']),
      claims.initiator.id,
      status,
      expired ? '-1 minute' : '1 hour',
      ask['approvers'],
    ],
  );
  return id;
}

export async function readRefusals(owner: pg.Client, orgId: string, callId: string): Promise<string[]> {
  const { rows } = await owner.query<{ code: string }>(
    `select details->>'code' as code from hub.audit where org_id = $1 and object_id = $2 and not allowed order by at`,
    [orgId, callId],
  );
  return rows.map(({ code }) => code);
}
