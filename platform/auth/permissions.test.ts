import { expect, test } from 'vitest';
import { PERMISSIONS, permissionsOfRole, roleFromClerk, ROLES } from './permissions.ts';
import { hasCapability } from './principal.ts';
import type { AgentPrincipal } from './principal.ts';

test.each([
  ['org:admin', 'admin'],
  ['admin', 'admin'],
  ['org:owner', 'owner'],
  ['builder', 'builder'],
  ['org:member', 'viewer'],
  ['ADMIN', 'viewer'],
  ['org:org:admin', 'viewer'],
  ['constructor', 'viewer'],
  ['', 'viewer'],
])('the role word %j is the role %s', (word, role) => {
  expect(roleFromClerk(word)).toBe(role);
});

test('an auditor reads everything and changes nothing', () => {
  const reads = PERMISSIONS.filter((permission) => permission.endsWith('.read') && permission !== 'use.read');
  expect(permissionsOfRole('auditor').toSorted()).toEqual(reads.toSorted());
});

test('a builder can neither put an employee to work nor give it rights', () => {
  const forbidden = ['employees.activate', 'grants.write', 'approvals.decide'];
  expect(permissionsOfRole('builder').filter((permission) => forbidden.includes(permission))).toEqual([]);
});

test('only owners and admins change grants and connections', () => {
  const roles = ROLES.filter((role) => permissionsOfRole(role).some((p) => p === 'grants.write' || p === 'connections.write'));
  expect(roles).toEqual(['owner', 'admin']);
});

const agent: AgentPrincipal = {
  kind: 'agent',
  orgId: 'org_a',
  employeeId: '0123456789abcdefghjkmnpqrs',
  clientId: 'c1',
  capabilityScope: ['gmail/email.send'],
};

test.each(['gmail/email.send.bulk', 'gmail/email', 'gmail/EMAIL.SEND', 'gmail/*', 'email.send', 'gmail/email.ѕend', ''])(
  'the scope gmail/email.send does not cover %j',
  (capability) => {
    expect(hasCapability(agent, 'gmail/email.send')).toBe(true);
    expect(hasCapability(agent, capability)).toBe(false);
  },
);
