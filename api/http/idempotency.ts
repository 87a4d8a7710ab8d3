import { and, eq, lte, sql } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { canonicalHash } from '../../contracts/digest.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { idempotencyKeys } from '../../db/schema/core/idempotency-keys.ts';
import { statement } from '../../db/statement.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';

/** How long a key answers for its first request. */
const KEY_LIFETIME_MS = 24 * 60 * 60_000;

export interface Answer {
  status: number;
  body: Json;
}

/** A request that makes something: the same key and body make it once, whoever asks again and on whichever copy. */
export interface OnceRequest {
  /** Method and pattern of the route. */
  route: string;
  key: string;
  /** Everything that shapes the outcome: path parameters and body. */
  input: unknown;
}

/** Ends the transaction of a request whose key is taken, so that its attempt leaves nothing. */
class KeyTaken extends Error {}

/**
 * The caller's `Idempotency-Key`.
 * @throws ClancyError `idempotency_key_required`, or `invalid_request` for one that is no key.
 */
export function idempotencyKeyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new ClancyError('idempotency_key_required', 'This route makes something: it needs an Idempotency-Key.', {
      next: 'Send `Idempotency-Key: <a new random text>`, and the same one when you repeat the request.',
    });
  }
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new ClancyError('invalid_request', 'The Idempotency-Key must be 1 to 200 visible ASCII characters.');
  }
  return key;
}

/**
 * Answers from the store when the key was used before, else runs `work` and stores its answer in the same transaction.
 * Of many at once one works; the others wait at the key's row and then read its answer.
 *
 * @throws ClancyError `idempotency_key_reused` when the key was used with another input.
 */
export async function once(
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>,
  scope: OrgScope,
  request: OnceRequest,
  work: (tx: OrgTx) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await db.withOrg(scope, async (tx) => {
      await claimKey(tx, scope, request);
      return storeAnswer(tx, scope, request, await work(tx));
    });
  } catch (error) {
    if (!(error instanceof KeyTaken)) throw error;
    const stored = await storedAnswer(db, scope, request);
    if (!stored) throw new ClancyError('conflict', 'The first request with this Idempotency-Key has just expired.');
    return stored;
  }
}

/** The answer that was given under this key, if there was one: spares the work that precedes the transaction. */
export async function storedAnswer(
  db: Pick<CoreDatabase, 'withOrgRead'>,
  scope: OrgScope,
  request: OnceRequest,
): Promise<Answer | undefined> {
  const [row] = await db.withOrgRead(scope, (tx) => tx.db.select().from(idempotencyKeys).where(isKey(scope, request)).limit(1));
  if (!row || row.expiresAt.getTime() <= Date.now()) return undefined;
  if (row.requestDigest !== canonicalHash(request.input)) {
    throw new ClancyError('idempotency_key_reused', 'This Idempotency-Key was used with another request.', {
      next: 'Use a new key for a new request.',
    });
  }
  if (row.statusCode === null || row.response === null) return undefined;
  return { status: row.statusCode, body: row.response };
}

async function claimKey(tx: OrgTx, scope: OrgScope, request: OnceRequest): Promise<void> {
  const now = new Date();
  const named = { orgId: tx.orgId, principal: principalOf(scope), route: request.route, key: request.key };
  // Sent in one go, in this order.
  const [, claimed] = await Promise.all([
    deleteExpired(tx.db).execute({ ...named, now }),
    insertKey(tx.db).execute({
      ...named,
      requestDigest: canonicalHash(request.input),
      expiresAt: new Date(now.getTime() + KEY_LIFETIME_MS),
    }),
  ]);
  if (claimed.length === 0) throw new KeyTaken();
}

/** What is answered is what was stored: the first answer and its repetitions are equal to the byte. */
async function storeAnswer(tx: OrgTx, scope: OrgScope, request: OnceRequest, answer: Answer): Promise<Answer> {
  const [row] = await setAnswer(tx.db).execute({
    orgId: tx.orgId,
    principal: principalOf(scope),
    route: request.route,
    key: request.key,
    statusCode: answer.status,
    response: answer.body,
  });
  return { status: answer.status, body: row?.response ?? null };
}

function isKey(scope: OrgScope, request: OnceRequest) {
  return and(
    eq(idempotencyKeys.orgId, scope.orgId),
    eq(idempotencyKeys.principal, principalOf(scope)),
    eq(idempotencyKeys.route, request.route),
    eq(idempotencyKeys.key, request.key),
  );
}

function principalOf(scope: OrgScope): string {
  return `${scope.actor.type}:${scope.actor.id}`;
}

const named = {
  orgId: sql.placeholder('orgId'),
  principal: sql.placeholder('principal'),
  route: sql.placeholder('route'),
  key: sql.placeholder('key'),
};
const isNamed = and(
  eq(idempotencyKeys.orgId, named.orgId),
  eq(idempotencyKeys.principal, named.principal),
  eq(idempotencyKeys.route, named.route),
  eq(idempotencyKeys.key, named.key),
);

const deleteExpired = statement((db) =>
  db
    .delete(idempotencyKeys)
    .where(and(isNamed, lte(idempotencyKeys.expiresAt, sql.placeholder('now'))))
    .prepare('delete_expired_key'),
);

const insertKey = statement((db) =>
  db
    .insert(idempotencyKeys)
    .values({ ...named, requestDigest: sql.placeholder('requestDigest'), expiresAt: sql.placeholder('expiresAt') })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
    .prepare('insert_key'),
);

const setAnswer = statement((db) =>
  db
    .update(idempotencyKeys)
    .set({
      statusCode: sql`${sql.placeholder('statusCode')}`,
      response: sql`${sql.param(sql.placeholder('response'), idempotencyKeys.response)}`,
    })
    .where(isNamed)
    .returning({ response: idempotencyKeys.response })
    .prepare('set_answer'),
);
