import { randomBytes } from 'node:crypto';
import { createCoreDatabase, type CoreDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { openCache, type CacheEnvironment } from '../../dev/cache.ts';
import { createDatabase, dropDatabase } from '../../dev/postgres/databases.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import { makeTempFolder } from '../../dev/processes/temp-folder.ts';
import { silent } from '../../dev/progress.ts';

export interface DatabaseEnvironment extends CacheEnvironment {
  readonly PATH?: string | undefined;
  /** A superuser's; absent: the embedded one is started. */
  readonly DATABASE_URL?: string | undefined;
}

/** A migrated, empty database of its own, gone when the work is done. */
export async function withDatabase<T>(env: DatabaseEnvironment, work: (db: CoreDatabase) => Promise<T>): Promise<T> {
  const folder = await makeTempFolder('clancy-eval');
  const postgres = await startPostgres({
    dir: folder.path,
    databaseUrl: env.DATABASE_URL,
    cacheDir: await openCache(env),
    path: env.PATH ?? '',
    durable: false,
    log: silent,
  });
  const name = `clancy_eval_${randomBytes(6).toString('hex')}`;
  try {
    return await onDatabase(await createDatabase(postgres.url, name), work);
  } finally {
    await dropDatabase(postgres.url, name);
    await postgres.remove();
    await folder.remove();
  }
}

async function onDatabase<T>(ownerUrl: string, work: (db: CoreDatabase) => Promise<T>): Promise<T> {
  const [coreDbPassword, hubDbPassword] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const orgContextKey = randomBytes(32);
  await migrate({ ownerUrl, coreDbPassword, hubDbPassword, orgContextKey });
  const url = new URL(ownerUrl);
  url.username = 'core_runtime';
  url.password = coreDbPassword;
  const db = createCoreDatabase({ url: url.href, orgContextKey, logger: { warn: () => {} } });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
