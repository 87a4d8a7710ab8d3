import type { Logger } from './logger.ts';

/**
 * After the drain, all phases together end within this time. With the drain of 5 s that is less than the 30 s after which
 * orchestrators kill what has not ended.
 */
const LONGEST_STOP_MS = 20_000;

export interface ShutdownPhase {
  name: string;
  timeoutMs: number;
  run: () => Promise<unknown> | void;
}

/** One phase, or several side by side that need nothing of each other. */
export type ShutdownStep = ShutdownPhase | readonly ShutdownPhase[];

export interface ShutdownOptions {
  logger: Pick<Logger, 'info' | 'error'>;
  /** Comes first and has its own time, which operators choose (DRAIN_MS). */
  drain?: ShutdownPhase;
  /** In order. */
  steps: readonly ShutdownStep[];
  exit: (code: number) => void;
}

/**
 * Stops a process in order: each phase once, each with its own time-out, whatever the one before it did.
 * SIGTERM and SIGINT start it; a second signal while it runs is ignored. Ends the process with 0, or 1 if a phase failed.
 *
 * @throws Error when the time-outs together are longer than a stop may take
 */
export function stopOnSignal(options: ShutdownOptions): void {
  const stop = createStop(options);
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}

/** What `stopOnSignal` does at a signal. */
export function createStop(options: ShutdownOptions): (signal: string) => Promise<void> {
  const { logger, drain, steps, exit } = options;
  const groups = steps.map((step) => ('run' in step ? [step] : step));
  assertShort(groups);
  let isStopping = false;
  return async (signal) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    let isClean = true;
    for (const group of drain ? [[drain], ...groups] : groups) {
      const ended = await Promise.all(group.map((phase) => runPhase(phase, logger)));
      isClean &&= ended.every(Boolean);
    }
    exit(isClean ? 0 : 1);
  };
}

function assertShort(groups: readonly (readonly ShutdownPhase[])[]): void {
  const longest = groups.map((group) => Math.max(0, ...group.map(({ timeoutMs }) => timeoutMs)));
  const sumMs = longest.reduce((sum, ms) => sum + ms, 0);
  if (sumMs > LONGEST_STOP_MS) throw new Error(`the phases of the shutdown may take ${sumMs} ms of ${LONGEST_STOP_MS}`);
}

async function runPhase(phase: ShutdownPhase, logger: ShutdownOptions['logger']): Promise<boolean> {
  try {
    await withTimeout(phase);
    return true;
  } catch (error) {
    logger.error({ err: error, phase: phase.name }, 'a phase of the shutdown failed');
    return false;
  }
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
