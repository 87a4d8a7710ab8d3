import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { z } from 'zod';
import { createDatabase, dropDatabase } from '../dev/postgres/databases.ts';

const templateSchema = z.strictObject({
  serverUrl: z.string(),
  template: z.string(),
  corePassword: z.string(),
  hubPassword: z.string(),
  orgContextKey: z.string(),
});

export interface TestDatabase {
  /** Superuser: sees all organisations, for arranging and checking. */
  readonly ownerUrl: string;
  /** Role `core_runtime`. */
  readonly coreUrl: string;
  /** Role `hub_runtime`. */
  readonly hubUrl: string;
  readonly orgContextKey: Buffer;
  drop(): Promise<void>;
}

/** A migrated, empty database of its own for one suite, on the real PostgreSQL of this test run. */
export async function testDatabase(): Promise<TestDatabase> {
  const template = await askBroker();
  const name = `clancy_test_${randomBytes(6).toString('hex')}`;
  const ownerUrl = await createDatabase(template.serverUrl, name, template.template);
  return {
    ownerUrl,
    coreUrl: asRole(ownerUrl, 'core_runtime', template.corePassword),
    hubUrl: asRole(ownerUrl, 'hub_runtime', template.hubPassword),
    orgContextKey: Buffer.from(template.orgContextKey, 'base64'),
    drop: () => dropDatabase(template.serverUrl, name),
  };
}

/** A fresh organisation id, in Clerk's form. */
export function testOrgId(): string {
  return `org_${randomBytes(14).toString('hex')}`;
}

async function askBroker(): Promise<z.infer<typeof templateSchema>> {
  const answer = await fetch(inject('postgresBroker'));
  if (!answer.ok) throw new Error(`no PostgreSQL for the tests: ${await answer.text()}`);
  return templateSchema.parse(await answer.json());
}

function asRole(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}
