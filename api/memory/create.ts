import { and, eq, gt, isNull, or } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import {
  confidenceSchema,
  expiresInDaysSchema,
  MAX_MEMORY_VALUE_BYTES,
  memoryKeySchema,
  memoryValueSchema,
  MEMORY_KINDS,
  MEMORY_SCOPES,
} from '../../contracts/memory.ts';
import { nodeIdSchema } from '../../contracts/skill-graph.ts';
import type { CoreDatabase, OrgReadTx, OrgScope, OrgTx } from '../../db/client.ts';
import { employeeVersions } from '../../db/schema/core/employee-versions.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { findEmployee } from '../employees/find.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { once, type Answer } from '../http/idempotency.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { holdsSecret } from './holds-secret.ts';
import { ensureIndex } from './index-key.ts';
import { placeOf } from './remember-run.ts';
import { memoryIdSchema, memoryLink } from './views.ts';
import { writeMemory, type Place } from './write.ts';

export const createMemoryBody = z.strictObject({
  scope: z.enum(MEMORY_SCOPES),
  /** Of scope `employee` and `skill`. */
  employee_id: employeeIdSchema.optional(),
  /** Of scope `skill`: the node of the employee's graph. */
  skill: nodeIdSchema.optional(),
  kind: z.enum(MEMORY_KINDS).default('fact'),
  key: memoryKeySchema,
  value: memoryValueSchema,
  confidence: confidenceSchema.default(1),
  expires_in_days: expiresInDaysSchema.optional(),
});

/** Without what it says: the answer is kept for repetitions, in the clear. */
export const createdMemory = z.strictObject({
  memory_id: memoryIdSchema,
  version: z.int(),
  links: z.strictObject({ self: z.string() }),
});

export interface ChangeMemoryDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  secrets: Pick<SecretBox, 'open' | 'seal' | 'sealerOf'>;
  now: () => Date;
}

export interface CreateMemoryRequest {
  key: string;
  body: z.infer<typeof createMemoryBody>;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * Has something remembered because a person says so.
 * @throws ClancyError `conflict` where the key is known, `not_found` for the employee, `invalid_request`, `forbidden`.
 */
export async function createMemory(deps: ChangeMemoryDeps, scope: OrgScope, { key, body }: CreateMemoryRequest): Promise<Answer> {
  assertNotImpersonated(scope);
  assertSayable(body.key, body.value);
  const seal = await deps.secrets.sealerOf(scope.orgId);
  return once(deps.db, scope, { route: 'POST /v1/memory', key, input: body }, async (tx) => {
    const place = await placeFor(tx, body);
    const index = await ensureIndex(deps.secrets, tx);
    const now = deps.now();
    await assertUnknown(tx, place, index.key(body.key), now);
    const { kind, value, confidence, expires_in_days: days } = body;
    const memory = { ...place, kind, key: body.key, value, confidence, expiresAt: expiryOf(days, now) };
    const { id, version } = await writeMemory(tx, { index, seal, now }, memory, { writer: 'person', by: scope.actor.id });
    tx.audit({
      action: 'memory.create',
      objectType: 'memory',
      objectId: id,
      allowed: true,
      details: { scope: place.scope, kind },
    });
    return { status: 201, body: { memory_id: id, version, links: { self: memoryLink(id) } } };
  });
}

export function expiryOf(days: number | null | undefined, now: Date): Date | null {
  return days === undefined || days === null ? null : new Date(now.getTime() + days * DAY_MS);
}

/** @throws ClancyError `invalid_request` for what is too large, or looks like a credential: memory is shown, and given to models. */
export function assertSayable(key: string, value: z.infer<typeof memoryValueSchema>): void {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > MAX_MEMORY_VALUE_BYTES) {
    throw invalid('/value', `${bytes} bytes, and ${MAX_MEMORY_VALUE_BYTES} is the limit`);
  }
  if (holdsSecret(key, value)) throw invalid('/value', 'it looks like a credential: connect the account instead');
}

async function placeFor(tx: OrgReadTx, { scope, employee_id, skill }: CreateMemoryRequest['body']): Promise<Place> {
  if ((scope !== 'organisation') !== (employee_id !== undefined)) {
    throw invalid('/employee_id', 'belongs to the scopes employee and skill, and to no other');
  }
  if ((scope === 'skill') !== (skill !== undefined)) throw invalid('/skill', 'belongs to the scope skill, and to no other');
  if (employee_id === undefined) return placeOf(scope, '', '');
  await findEmployee(tx, employee_id);
  if (skill !== undefined) await assertSkill(tx, employee_id, skill);
  return placeOf(scope, employee_id, skill ?? '');
}

/** What no version has would never be recalled. */
async function assertSkill(tx: OrgReadTx, employeeId: string, skill: string): Promise<void> {
  const versions = await tx.db
    .select({ definition: employeeVersions.definition })
    .from(employeeVersions)
    .where(and(eq(employeeVersions.orgId, tx.orgId), eq(employeeVersions.employeeId, employeeId)));
  const nodes = new Set(versions.flatMap(({ definition }) => definition.graph.nodes.map(({ id }) => id)));
  if (!nodes.has(skill)) throw invalid('/skill', `this employee has ${[...nodes].join(', ')}`);
}

/** What has expired may be written over. */
async function assertUnknown(tx: OrgTx, { owner, skill }: Place, keyHash: string, now: Date): Promise<void> {
  const [known] = await tx.db
    .select({ id: memoryEntries.memoryId })
    .from(memoryEntries)
    .where(
      and(
        eq(memoryEntries.orgId, tx.orgId),
        eq(memoryEntries.keyHash, keyHash),
        eq(memoryEntries.owner, owner),
        eq(memoryEntries.skill, skill),
        or(isNull(memoryEntries.expiresAt), gt(memoryEntries.expiresAt, now)),
      ),
    );
  if (!known) return;
  throw new ClancyError('conflict', 'Something is remembered under this key.', {
    next: `PATCH ${memoryLink(known.id)} corrects it.`,
    extra: { memory_id: known.id },
  });
}

function invalid(field: string, message: string): ClancyError {
  return new ClancyError('invalid_request', `${field.slice(1)}: ${message}.`, { fields: [{ field, message }] });
}
