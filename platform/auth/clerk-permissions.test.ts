import { expect, test } from 'vitest';
import { decodeClerkPermissions, permissionsFromClerk } from './clerk-permissions.ts';

test.each([
  [
    "Clerk's example",
    { fea: 'o:agents,o:runs', per: 'read,manage', fpm: '3,1' },
    ['org:agents:read', 'org:agents:manage', 'org:runs:read'],
  ],
  ['features of the person in between', { fea: 'u:beta,o:runs', per: 'read', fpm: '1' }, ['org:runs:read']],
  ['more masks than features', { fea: 'o:runs', per: 'read', fpm: '1,1' }, ['org:runs:read']],
  ['fewer masks than features', { fea: 'o:runs,o:agents', per: 'read', fpm: '1' }, ['org:runs:read']],
  ['bits beyond the permissions', { fea: 'o:runs', per: 'read', fpm: '255' }, ['org:runs:read']],
  ['a mask that is no number', { fea: 'o:runs', per: 'read', fpm: '0x1' }, []],
  ['a negative mask', { fea: 'o:runs', per: 'read', fpm: '-1' }, []],
  ['nothing', {}, []],
])('custom permissions are decoded: %s', (_name, claims, expected) => {
  expect(decodeClerkPermissions(claims)).toEqual(expected);
});

test.each([
  ['org:runs:read', ['runs.read']],
  ['org:employees:manage', ['employees.read', 'employees.write', 'employees.activate']],
  ['org:agents:read', ['employees.read']],
  ['org:audit:read', ['audit.read']],
  ['org:use:manage', []],
  ['org:runs:READ', []],
  ['org:runs:read:x', []],
  ['user:runs:read', []],
  ['org::manage', []],
  ['org:runs:', []],
  ['org:sys_memberships:manage', []],
  ['runs.read', []],
])('the custom permission %s means %j', (custom, expected) => {
  expect(permissionsFromClerk(custom)).toEqual(expected);
});
