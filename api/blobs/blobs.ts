import { createHash, randomUUID } from 'node:crypto';
import { ClancyError } from '../../contracts/errors.ts';
import { isUniqueViolation, type CoreDatabase, type OrgScope } from '../../db/client.ts';
import type { createDataKeys } from '../../platform/secrets/data-keys.ts';
import { abandonBlob, beginBlob, findBlob, finishBlob, prolongBlob, type BlobKind, type BlobName, type BlobRow } from './rows.ts';
import { openStream, sealedSize, sealStream } from './sealed-stream.ts';
import type { BlobStore } from './store/blob-store.ts';

/** Bytes of the largest file; payloads may be a little larger than what is in them. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;
/** An upload that has not ended by then never will. */
const PENDING_MS = 60 * 60_000;

export interface BlobDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  store: BlobStore;
  dataKeys: ReturnType<typeof createDataKeys>;
  /** How long a blob is kept after it was last put. */
  keepMs: number;
  now: () => Date;
}

export interface NewBlob {
  kind: BlobKind;
  mediaType: string;
  /** Bytes of the content. */
  size: number;
  /** Where the sender says what it must be. */
  sha256?: string;
  runId?: string;
}

export interface Blobs {
  /**
   * Keeps a content, once for an organisation; put again, it is kept longer. Nothing is kept of a content that is not what
   * it was said to be, and nothing of one that ends too early.
   *
   * @throws ClancyError `blob_mismatch`, `dependency_unavailable`
   */
  put(scope: OrgScope, blob: NewBlob, content: AsyncIterable<Buffer>): Promise<StoredBlob>;
  /** Undefined where the organisation has none. The content rejects with `SealedTextError` where it was changed. */
  open(scope: OrgScope, name: BlobName): Promise<{ blob: StoredBlob; content: AsyncIterable<Buffer> } | undefined>;
}

export interface StoredBlob {
  sha256: string;
  size: number;
  mediaType: string;
}

export function createBlobs(deps: BlobDeps): Blobs {
  return {
    put: async (scope, blob, content) => {
      const passing = checked(blob, content);
      const known = blob.sha256 === undefined ? undefined : await prolong(deps, scope, { kind: blob.kind, sha256: blob.sha256 });
      if (!known) return write(deps, scope, blob, passing);
      for await (const _ of passing.content);
      passing.sha256();
      return viewOf(known);
    },
    open: async (scope, name) => {
      const row = await deps.db.withOrgRead(scope, (tx) => findBlob(tx, name));
      if (!row) return undefined;
      const isOld = row.expiresAt.getTime() - deps.now().getTime() < deps.keepMs / 2;
      if (isOld && !(await prolong(deps, scope, name))) return undefined;
      const place = { orgId: row.orgId, objectId: row.objectId };
      const sealed = await deps.store.get(place);
      if (!sealed) return undefined;
      const keyOf = async (kid: string) => (await deps.dataKeys.named(row.orgId, kid)).key;
      return { blob: viewOf(row), content: openStream(keyOf, place, name.sha256, sealed) };
    },
  };
}

interface Checked {
  content: AsyncIterable<Buffer>;
  /** The hash of what has come; asked at its end. @throws ClancyError `blob_mismatch` */
  sha256(): string;
}

/** Looks at the content while it passes. */
function checked(blob: NewBlob, content: AsyncIterable<Buffer>): Checked {
  const hash = createHash('sha256');
  let size = 0;
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      size += piece.length;
      if (size > blob.size)
        throw new ClancyError('blob_mismatch', `The content is longer than the ${blob.size} bytes announced.`);
      hash.update(piece);
      yield piece;
    }
  }
  return {
    content: pass(),
    sha256: () => {
      const found = hash.digest('hex');
      if (size !== blob.size) throw new ClancyError('blob_mismatch', `${size} bytes came of the ${blob.size} announced.`);
      if (found !== (blob.sha256 ?? found)) {
        throw new ClancyError('blob_mismatch', 'The content is not the one that its hash names.', {
          next: 'Send the SHA-256 of the bytes of the body, in lower-case hexadecimal.',
        });
      }
      return found;
    },
  };
}

async function write(deps: BlobDeps, scope: OrgScope, blob: NewBlob, { content, sha256 }: Checked): Promise<StoredBlob> {
  const place = { orgId: scope.orgId, objectId: randomUUID() };
  const { kind, size, mediaType, runId = null } = blob;
  const createdBy = `${scope.actor.type}:${scope.actor.id}`;
  const expiresAt = new Date(deps.now().getTime() + PENDING_MS);
  const row = { ...place, kind, size, mediaType, runId, createdBy, expiresAt, sha256: blob.sha256 ?? null };
  await deps.db.withOrg(scope, (tx) => beginBlob(tx, row));
  try {
    const key = await deps.dataKeys.inUse(scope.orgId);
    let found = '';
    const sealed = sealStream(key, place, content, () => (found = sha256()));
    await deps.store.put(place, sealed, sealedSize(size, key.kid));
    return await finish(deps, scope, { kind, sha256: found }, place.objectId, { sha256: found, size, mediaType });
  } catch (error) {
    // Best effort: the row alone suffices for the sweep to find what is left.
    await deps.db.withOrg(scope, (tx) => abandonBlob(tx, place.objectId, deps.now())).catch(() => undefined);
    throw error;
  }
}

async function finish(deps: BlobDeps, scope: OrgScope, name: BlobName, objectId: string, view: StoredBlob): Promise<StoredBlob> {
  const isKept = await deps.db
    .withOrg(scope, (tx) => finishBlob(tx, objectId, name.sha256, keptUntil(deps)))
    .catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      return false;
    });
  if (isKept) return view;
  const other = await prolong(deps, scope, name);
  if (!other) throw new ClancyError('dependency_unavailable', 'The upload took too long.', { retryAfterMs: 1_000 });
  await deps.db.withOrg(scope, (tx) => abandonBlob(tx, objectId, deps.now()));
  return viewOf(other);
}

function prolong(deps: BlobDeps, scope: OrgScope, name: BlobName): Promise<BlobRow | undefined> {
  return deps.db.withOrg(scope, (tx) => prolongBlob(tx, name, keptUntil(deps)));
}

function keptUntil({ now, keepMs }: BlobDeps): Date {
  return new Date(now().getTime() + keepMs);
}

function viewOf({ sha256, size, mediaType }: BlobRow): StoredBlob {
  return { sha256: sha256 ?? '', size, mediaType };
}
