import type { Logger } from 'pino';
import type { KeyService } from './key-service.ts';

/**
 * Tells of key encryption keys that data keys name and the configuration lacks: what lies under them cannot be opened, and
 * its runs stand still. Said once, at the start; a process without them serves the others.
 */
export async function tellOfMissingKeks(deps: {
  jobs: { keysByKek(): Promise<{ kek: string; keys: number }[]> };
  keyService: Pick<KeyService, 'unwraps'>;
  logger: Pick<Logger, 'error'>;
}): Promise<void> {
  const missing = (await deps.jobs.keysByKek()).filter(({ kek }) => !deps.keyService.unwraps(kek));
  if (missing.length === 0) return;
  deps.logger.error({ alert: 'keys', missing }, 'KEY_ENCRYPTION_KEY lacks keys that data keys are wrapped with');
}
