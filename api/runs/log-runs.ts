import type { AuditEntry } from '../../db/scope.ts';
import type { Logger } from '../../platform/logger.ts';

const MESSAGES: { readonly [action: string]: string } = {
  'run.start': 'a run was accepted',
  'run.close': 'a run ended',
  'run.unstuck': 'the tasks of a run go on',
};

/** Says in the log what becomes of runs, once it stands: the line from which the others of a run are found. */
export function logRuns(logger: Pick<Logger, 'info'>): (entries: readonly AuditEntry[]) => void {
  return (entries) => {
    for (const { action, objectId, details, allowed } of entries) {
      const message = MESSAGES[action];
      if (message !== undefined && allowed) logger.info({ ...details, run_id: objectId }, message);
    }
  };
}
