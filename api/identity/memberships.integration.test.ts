import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCoreDatabase, type CoreDatabase } from '../../db/client.ts';
import { permissionsOfRole, type Role } from '../../platform/auth/permissions.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { testDatabase, testOrgId, type TestDatabase } from '../../test/database.ts';
import { asOwner } from '../testing/as-owner.ts';
import { createMembershipRecorder } from './memberships.ts';

let database: TestDatabase;
let db: CoreDatabase;
beforeAll(async () => {
  database = await testDatabase();
  db = createCoreDatabase({ url: database.coreUrl, orgContextKey: database.orgContextKey, logger: { warn: () => undefined } });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const person = (orgId: string, role: Role): PersonPrincipal => ({
  kind: 'person',
  userId: 'user_a',
  orgId,
  role,
  permissions: permissionsOfRole(role),
});
const written = (orgId: string) =>
  asOwner(database.ownerUrl, 'select role, permissions, verified_at from authz.memberships where org_id = $1', [orgId]);

test('what a token says of a person is written at once when it changes, else once a minute', async () => {
  const orgId = testOrgId();
  let nowMs = Date.parse('2026-11-23T10:00:00.000Z');
  const members = createMembershipRecorder(db, () => nowMs);
  await members.record(person(orgId, 'owner'), '127.0.0.1');
  nowMs += 59_000;
  await members.record(person(orgId, 'owner'), '127.0.0.1');
  expect(await written(orgId)).toMatchObject([{ role: 'owner', verified_at: new Date('2026-11-23T10:00:00.000Z') }]);
  await members.record(person(orgId, 'viewer'), '127.0.0.1');
  expect(await written(orgId)).toMatchObject([{ role: 'viewer', permissions: [...permissionsOfRole('viewer')] }]);
  nowMs += 60_000;
  await members.record(person(orgId, 'viewer'), '127.0.0.1');
  expect(await written(orgId)).toMatchObject([{ verified_at: new Date('2026-11-23T10:01:59.000Z') }]);
});
