import type { Logger } from './logger.ts';

export interface ShutdownPhase {
  name: string;
  timeoutMs: number;
  run: () => Promise<unknown> | void;
}

/**
 * Stops a process in order: each phase once, each with its own time-out, whatever the one before it did.
 * SIGTERM and SIGINT start it; a second signal while it runs is ignored. Ends the process with 0, or 1 if a phase failed.
 */
export function stopOnSignal(options: { logger: Logger; phases: ShutdownPhase[]; exit: (code: number) => void }): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    options.logger.info({ signal }, 'stopping');
    void runPhases(options.phases, options.logger).then((isClean) => options.exit(isClean ? 0 : 1));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function runPhases(phases: ShutdownPhase[], logger: Logger): Promise<boolean> {
  let isClean = true;
  for (const phase of phases) {
    try {
      await withTimeout(phase);
    } catch (error) {
      isClean = false;
      logger.error({ err: error, phase: phase.name }, 'a phase of the shutdown failed');
    }
  }
  return isClean;
}

async function withTimeout(phase: ShutdownPhase): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${phase.name} took longer than ${phase.timeoutMs} ms`)), phase.timeoutMs);
  });
  try {
    await Promise.race([phase.run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
