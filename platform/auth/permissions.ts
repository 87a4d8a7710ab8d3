/** Every permission word. Routes check these, never role names. `use.*` lets a person cause an employee to use read or write capabilities. */
export const PERMISSIONS = [
  'employees.read',
  'employees.write',
  'employees.activate',
  'runs.read',
  'runs.write',
  'approvals.read',
  'approvals.decide',
  'grants.read',
  'grants.write',
  'connections.read',
  'connections.write',
  'receipts.read',
  'receipts.resolve',
  'audit.read',
  'quotas.read',
  'quotas.write',
  'payloads.read',
  'memory.read',
  'memory.write',
  'capabilities.read',
  'use.read',
  'use.write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ['owner', 'admin', 'builder', 'operator', 'approver', 'auditor', 'viewer'] as const;

export type Role = (typeof ROLES)[number];

const VIEW: readonly Permission[] = [
  'employees.read',
  'runs.read',
  'approvals.read',
  'grants.read',
  'connections.read',
  'receipts.read',
  'quotas.read',
  'memory.read',
  'capabilities.read',
];

/**
 * What each role may do. Whoever builds an employee cannot put it to work or give it rights
 * (no `employees.activate`, `grants.write`, `approvals.decide`); an auditor sees all and changes nothing.
 */
const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS,
  builder: [...VIEW, 'employees.write', 'runs.write', 'memory.write', 'use.read', 'use.write'],
  operator: [...VIEW, 'audit.read', 'runs.write', 'receipts.resolve', 'memory.write', 'use.read', 'use.write'],
  approver: [...VIEW, 'approvals.decide', 'receipts.resolve'],
  auditor: [...VIEW, 'audit.read', 'payloads.read'],
  viewer: VIEW,
};

/** The permissions of a role. */
export function permissionsOfRole(role: Role): readonly Permission[] {
  return ROLE_PERMISSIONS[role];
}

/** Clerk's role word (`org:admin`, `admin`, or a custom one) as ours; a word that we do not know may only look. */
export function roleFromClerk(word: string): Role {
  const bare = word.startsWith('org:') ? word.slice('org:'.length) : word;
  return ROLES.find((role) => role === bare) ?? 'viewer';
}
