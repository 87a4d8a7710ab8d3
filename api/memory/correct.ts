import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { confidenceSchema, expiresInDaysSchema, memoryValueSchema, MEMORY_KINDS } from '../../contracts/memory.ts';
import type { OrgScope } from '../../db/client.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { recordFact } from '../facts/record-fact.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { assertSayable, expiryOf, type ChangeMemoryDeps } from './create.ts';
import { findEntry, notThere } from './find.ts';
import { findIndexRow, openIndex } from './index-key.ts';
import { getMemory } from './read.ts';
import { etagOf } from './views.ts';
import { forgetStems, rewrite } from './write.ts';

/** What is left out stays; with nothing in it, a person confirms what was learnt. */
export const correctMemoryBody = z.strictObject({
  value: memoryValueSchema.optional(),
  kind: z.enum(MEMORY_KINDS).optional(),
  confidence: confidenceSchema.optional(),
  /** From now on; null = never. */
  expires_in_days: expiresInDaysSchema.nullable().optional(),
});

export interface CorrectMemoryRequest {
  memoryId: string;
  /** Entity tag of the entry that the caller decided upon; absent = whatever it is now. */
  ifMatch: string | undefined;
  body: z.infer<typeof correctMemoryBody>;
}

/**
 * Puts an entry right. From then on it is that person's word: no run changes it, except a skill's own `state`.
 * @throws ClancyError `not_found`, `version_conflict`, `invalid_request`, `forbidden`.
 */
export async function correctMemory(deps: ChangeMemoryDeps, scope: OrgScope, request: CorrectMemoryRequest): Promise<void> {
  assertNotImpersonated(scope);
  const { memoryId, body } = request;
  // What it says is opened before the transaction, which finds out whether that still stands.
  const { row: seen, view } = await getMemory(deps, scope.orgId, memoryId);
  const value = body.value === undefined ? view.value : body.value;
  assertSayable(view.key, value);
  const seal = await deps.secrets.sealerOf(scope.orgId);
  await deps.db.withOrg(scope, async (tx) => {
    const known = await findEntry(tx, memoryId, 'update');
    if (known.version !== seen.version) throw changedMeanwhile();
    assertMatch(request.ifMatch, etagOf(known));
    const index = await findIndexRow(tx);
    if (!index) throw notThere();
    const now = deps.now();
    const memory = {
      scope: known.scope,
      owner: known.owner,
      skill: known.skill,
      key: view.key,
      value,
      kind: body.kind ?? known.kind,
      confidence: body.confidence ?? 1,
      expiresAt: body.expires_in_days === undefined ? known.expiresAt : expiryOf(body.expires_in_days, now),
    };
    const writing = { index: await openIndex(deps.secrets, tx.orgId, index), seal, now };
    const author = { writer: 'person' as const, by: scope.actor.id };
    const { version } = await rewrite(tx, writing, known, memory, author);
    const details = { members: Object.keys(body), version };
    tx.audit({ action: 'memory.correct', objectType: 'memory', objectId: memoryId, allowed: true, details });
  });
}

/**
 * Forgets an entry: all its versions go, and what it was found by. What runs were given of it stands in Temporal's histories
 * until they go; an open run's row keeps it until the run ends.
 *
 * @throws ClancyError `not_found`, `version_conflict`, `forbidden`.
 */
export async function forgetMemory(
  deps: Pick<ChangeMemoryDeps, 'db'>,
  scope: OrgScope,
  { memoryId, ifMatch }: Omit<CorrectMemoryRequest, 'body'>,
): Promise<void> {
  assertNotImpersonated(scope);
  await deps.db.withOrg(scope, async (tx) => {
    const known = await findEntry(tx, memoryId, 'update');
    assertMatch(ifMatch, etagOf(known));
    await forgetStems(tx, known);
    // Its versions go with it.
    await tx.db.delete(memoryEntries).where(and(eq(memoryEntries.orgId, tx.orgId), eq(memoryEntries.memoryId, memoryId)));
    const { scope: where, kind, version } = known;
    await recordFact(tx, {
      kind: 'MemoryWritten',
      ...(known.owner !== '' && { employeeId: known.owner }),
      data: { memory_id: memoryId, version, scope: where, kind, change: 'forgotten', writer: 'person' },
    });
    const details = { scope: where, kind, versions: version };
    tx.audit({ action: 'memory.forget', objectType: 'memory', objectId: memoryId, allowed: true, details });
  });
}

function assertMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etag) throw changedMeanwhile();
}

function changedMeanwhile(): ClancyError {
  return new ClancyError('version_conflict', 'The memory was changed in the meantime.', {
    next: 'Read it again, and repeat with its current ETag if you still want to.',
  });
}
