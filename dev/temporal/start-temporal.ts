import { startOwn } from './start-own.ts';
import type { Temporal, TemporalOptions } from './temporal.ts';
import { useExisting } from './use-existing.ts';

/**
 * Gives a Temporal server: the one of `address`, else a development server of our own with its Web UI.
 * @throws Error that says what was tried and what to do
 * @throws FolderInUseError when another living process uses `dir`
 */
export function startTemporal(options: TemporalOptions): Promise<Temporal> {
  return options.address ? useExisting(options.address, options) : startOwn(options);
}
