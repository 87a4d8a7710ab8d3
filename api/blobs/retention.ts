import type { CoreDatabase } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import { systemScope } from '../http/scope.ts';
import { createLoop, type Loop } from '../../platform/loop.ts';
import { doomBlob, forgetBlob } from './rows.ts';
import type { BlobStore, ObjectName } from './store/blob-store.ts';

const INTERVAL_MS = 60_000;
const AT_ONCE = 100;

export interface RetentionDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'jobs'>;
  store: Pick<BlobStore, 'delete'>;
  logger: Pick<Logger, 'warn' | 'info'>;
  now: () => Date;
  /** Told whenever nothing was left to delete. */
  onSwept?: (() => void) | undefined;
}

/** Deletes blobs whose time is over. Any number of copies may do so. */
export function createRetention(deps: RetentionDeps): Loop {
  return createLoop(INTERVAL_MS, async (signal) => {
    await sweepBlobs(deps, signal).catch((error: unknown) =>
      deps.logger.warn({ err: error }, 'blobs whose time is over could not be deleted'),
    );
  });
}

/**
 * One round. An object is first marked, so that nobody reads it or prolongs its life any more, then deleted, then forgotten:
 * killed in between, the next round goes on where this one stopped.
 *
 * @returns how many were deleted
 */
export async function sweepBlobs(deps: RetentionDeps, signal?: AbortSignal): Promise<number> {
  let deleted = 0;
  for (;;) {
    const page = await deps.db.jobs.expiredBlobs(AT_ONCE);
    let done = 0;
    for (const name of page) {
      if (signal?.aborted) return deleted;
      if (await deleteOne(deps, name)) done += 1;
    }
    deleted += done;
    if (page.length < AT_ONCE || done === 0) break;
  }
  if (deleted > 0) deps.logger.info({ blobs: deleted }, 'blobs were deleted: their time was over');
  deps.onSwept?.();
  return deleted;
}

/** One that fails is left to the next round and does not stop the others. */
async function deleteOne(deps: RetentionDeps, name: ObjectName): Promise<boolean> {
  const scope = systemScope(name.orgId, 'blob-retention');
  try {
    if (!(await deps.db.withOrg(scope, (tx) => doomBlob(tx, name.objectId, deps.now())))) return false;
    await deps.store.delete(name);
    await deps.db.withOrg(scope, (tx) => forgetBlob(tx, name.objectId));
    return true;
  } catch (error) {
    deps.logger.warn({ err: error, object_id: name.objectId }, 'a blob could not be deleted');
    return false;
  }
}
