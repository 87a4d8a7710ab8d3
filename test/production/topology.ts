import { join } from 'node:path';
import { openCache } from '../../dev/cache.ts';
import type { Postgres } from '../../dev/postgres/postgres.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import { makeTempFolder } from '../../dev/processes/temp-folder.ts';
import { silent } from '../../dev/progress.ts';
import { createStopper } from '../../dev/stack/stopper.ts';
import type { TestStack } from '../stack/test-stack.ts';
import { getServer } from './server/get-server.ts';
import { startServer, type TemporalServer } from './server/start-server.ts';
import { build, deploy, startStaging, type BuiltDist } from './staging.ts';

/** What docker-compose.temporal.yml starts, without containers. */
export interface Topology {
  readonly world: TestStack;
  readonly release: BuiltDist;
  readonly postgres: Postgres;
  readonly temporal: TemporalServer;
  close(): Promise<void>;
}

/**
 * Temporal's own server on PostgreSQL with schema job and dynamic configuration of `deploy/`, the deploy step, and a build
 * in mode staging on the same PostgreSQL, to which new runs go.
 */
export async function startTopology(env: NodeJS.ProcessEnv): Promise<Topology> {
  const stopper = createStopper();
  try {
    const folder = await makeTempFolder('clancy-topology');
    stopper.add({ stop: () => folder.remove() });
    const release = await build();
    stopper.add({ stop: () => release.remove() });
    const dir = join(folder.path, 'postgres');
    const options = { dir, cacheDir: await openCache(env), path: env['PATH'] ?? '', log: silent };
    const postgres = stopper.add(await startPostgres(options));
    const temporal = await startServer(join(folder.path, 'temporal'), await getServer(env), postgres);
    stopper.add(temporal.child);
    await deploy({ address: temporal.address, namespace: 'clancy' }, release, 'prepare');
    const world = await startStaging(release, { DATABASE_URL: postgres.url, TEMPORAL_ADDRESS: temporal.address });
    stopper.add({ stop: () => world.close() });
    await deploy(world.stack.temporal, release, 'current');
    return { world, release, postgres, temporal, close: () => stopper.stopAll() };
  } catch (error) {
    await stopper.stopAll();
    throw error;
  }
}
