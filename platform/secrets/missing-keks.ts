import type { Logger } from 'pino';
import type { KeyService } from './key-service.ts';

export interface KekJobs {
  keysByKek(): Promise<{ kek: string; keys: number }[]>;
}

/** Key encryption keys that data keys name and the configuration lacks. */
export async function missingKeks(jobs: KekJobs, keyService: Pick<KeyService, 'unwraps'>) {
  return (await jobs.keysByKek()).filter(({ kek }) => !keyService.unwraps(kek));
}

/**
 * Tells of key encryption keys that are missing: what lies under them cannot be opened, and its runs stand still. Said
 * once, at the start; `/ready` says no for as long as it is so.
 */
export async function tellOfMissingKeks(deps: {
  jobs: KekJobs;
  keyService: Pick<KeyService, 'unwraps'>;
  logger: Pick<Logger, 'error'>;
}): Promise<void> {
  const missing = await missingKeks(deps.jobs, deps.keyService);
  if (missing.length === 0) return;
  deps.logger.error({ alert: 'keys', missing }, 'KEY_ENCRYPTION_KEY lacks keys that data keys are wrapped with');
}
