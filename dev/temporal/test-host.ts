import { openCache } from '../cache.ts';
import type { TemporalOptions } from './temporal.ts';

/** The machine that the tests run on, for tests that start a Temporal server: where its CLI may be found or built. */
export async function testHost(): Promise<Pick<TemporalOptions, 'cacheDir' | 'env' | 'cli'>> {
  // oxlint-disable-next-line node/no-process-env -- tests have no composition root that could hand it in
  const env = process.env;
  return { cacheDir: await openCache(env), env, cli: env['CLANCY_TEMPORAL_CLI'] };
}
