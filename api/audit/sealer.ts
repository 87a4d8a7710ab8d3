import { CORE_AUDIT } from '../../db/audit/logs.ts';
import { sealAudit, type SealDeps } from '../../db/audit/seal-audit.ts';
import { pause } from '../pause.ts';

const INTERVAL_MS = 60_000;

export interface AuditSealer {
  /** Seals until `stop`. */
  run(): Promise<void>;
  /** Ends after the round at hand. */
  stop(): Promise<void>;
}

/** Seals Agent-Core's audit once a minute. Any number of copies may: each seal is made once. */
export function createAuditSealer(deps: Omit<SealDeps, 'log'> & { onSealed?: (() => void) | undefined }): AuditSealer {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sealAudit({ ...deps, log: CORE_AUDIT }).then(
        () => deps.onSealed?.(),
        (error: unknown) => deps.logger.warn({ err: error }, 'the audit could not be sealed'),
      );
      await pause(INTERVAL_MS, stopping.signal);
    }
  }
  return {
    run: () => (running = loop()),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
