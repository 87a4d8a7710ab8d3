import { CORE_AUDIT } from '../../db/audit/logs.ts';
import { sealAudit, type SealDeps } from '../../db/audit/seal-audit.ts';
import { createLoop, type Loop } from '../../platform/loop.ts';

const INTERVAL_MS = 60_000;

/** Seals Agent-Core's audit once a minute. Any number of copies may: each seal is made once. */
export function createAuditSealer(deps: Omit<SealDeps, 'log'> & { onSealed?: (() => void) | undefined }): Loop {
  return createLoop(INTERVAL_MS, () =>
    sealAudit({ ...deps, log: CORE_AUDIT }).then(
      () => deps.onSealed?.(),
      (error: unknown) => deps.logger.warn({ err: error }, 'the audit could not be sealed'),
    ),
  );
}
