import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Progress } from '../progress.ts';
import { beginLog, lastLines } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import { removePidFile, stopLeftover, writePidFile } from './pid-file.ts';
import { spawnGated } from './spawn-gated.ts';
import type { ExitStatus, GatedProcess } from './spawn-gated.ts';
import { waitUntil } from './wait-until.ts';

export interface ChildSpec {
  /** How messages call it, such as `worker` or `PostgreSQL`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The child's whole environment; nothing of this process's own is added. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Output and errors go here; begun anew by `spawnChild`, continued by `restart`. */
  readonly logFile: string;
  /** Asked until it says true. Throwing counts as not yet. Without it the child is ready at once. */
  readonly readyWhen?: (child: StartingChild) => boolean | Promise<boolean>;
  readonly readyTimeoutMs?: number;
  readonly stopSignal?: NodeJS.Signals;
  readonly stopTimeoutMs?: number;
  /** Lets a later start find and stop the child should nothing else have done so. Needs a claimed folder. */
  readonly pidFile?: string;
  readonly log: Progress;
}

export interface StartingChild {
  /** What the child has written since it was started. */
  logText(): Promise<string>;
}

export interface Child {
  readonly name: string;
  readonly logFile: string;
  /** Of the running or last process. */
  readonly pid: number;
  readonly isRunning: boolean;
  /** Resolves when the current process ends, at once when it has. */
  waitForExit(): Promise<ExitStatus>;
  /** Asks it to end, kills it when it does not in time; fine to call twice. */
  stop(): Promise<ExitStatus>;
  /** Sends a signal to the child and its descendants, without waiting. */
  kill(signal: NodeJS.Signals): void;
  /** Stops it if it runs, starts it with the same command and waits until it is ready. */
  restart(): Promise<void>;
}

/** The child ended, or was not ready in time; the message holds its last log lines. */
export class ChildFailedError extends Error {
  override readonly name = 'ChildFailedError';
}

interface Running {
  readonly process: GatedProcess;
  /** Settles when the process has ended and its pid file is gone. */
  readonly finished: Promise<ExitStatus>;
  ended: ExitStatus | undefined;
}

/**
 * Starts a program and waits until it is ready. It cannot outlive this process: see guardian.ts.
 * @throws ChildFailedError
 */
export async function spawnChild(spec: ChildSpec): Promise<Child> {
  const stopSignal = spec.stopSignal ?? 'SIGTERM';
  const stopTimeoutMs = spec.stopTimeoutMs ?? 10_000;
  if (spec.pidFile) {
    await stopLeftover({ pidFile: spec.pidFile, name: spec.name, stopSignal, stopTimeoutMs, log: spec.log });
  }
  const log = await beginLog(spec.logFile);
  const start = () => startOnce(spec, log, { stopSignal, stopTimeoutMs });
  let running = await start();
  const stop = () => stopOnce(running, stopSignal, stopTimeoutMs);
  return {
    name: spec.name,
    logFile: spec.logFile,
    get pid() {
      return running.process.pid;
    },
    get isRunning() {
      return running.ended === undefined;
    },
    waitForExit: () => running.finished,
    stop,
    kill: (signal) => void running.process.signal(signal),
    async restart() {
      await stop();
      running = await start();
    },
  };
}

type StopOptions = Required<Pick<ChildSpec, 'stopSignal' | 'stopTimeoutMs'>>;

async function startOnce(spec: ChildSpec, log: LogFile, stop: StopOptions): Promise<Running> {
  const output = await log.openForStart();
  const process = await spawnGated({ ...spec, ...stop, output }).finally(() => closeSync(output));
  if (spec.pidFile) await writePidFile(spec.pidFile, process.pid);
  const finished = process.exit.then(async (status) => {
    running.ended = status;
    if (spec.pidFile) await removePidFile(spec.pidFile);
    return status;
  });
  const running: Running = { process, finished, ended: undefined };
  try {
    await untilReady(spec, log, running);
  } catch (error) {
    const failure = await describeFailure(spec, log, error, running.ended);
    await stopOnce(running, stop.stopSignal, stop.stopTimeoutMs);
    throw failure;
  }
  return running;
}

async function untilReady(spec: ChildSpec, log: LogFile, running: Running): Promise<void> {
  const { readyWhen } = spec;
  if (!readyWhen) return;
  const isReadyOrDead = async () => running.ended !== undefined || (await readyWhen({ logText: () => log.sinceStart() }));
  await waitUntil(isReadyOrDead, { timeoutMs: spec.readyTimeoutMs ?? 30_000, what: `${spec.name} to be ready` });
  if (running.ended) throw new Error(`${spec.name} ended before it was ready`);
}

async function describeFailure(spec: ChildSpec, log: LogFile, error: unknown, ended: ExitStatus | undefined): Promise<Error> {
  const reason = error instanceof Error ? error.message : String(error);
  const how = ended ? ` (${ended.signal ?? `exit code ${ended.code}`})` : '';
  const text = lastLines(await log.sinceStart());
  const said = text === '' ? 'it wrote nothing' : `its last lines (${spec.logFile}):\n${text}`;
  return new ChildFailedError(`${reason}${how}; ${said}`, { cause: error });
}

async function stopOnce(running: Running, signal: NodeJS.Signals, timeoutMs: number): Promise<ExitStatus> {
  const { process } = running;
  if (running.ended) return running.finished;
  process.signal(signal);
  const timer = new AbortController();
  const tooLong = delay(timeoutMs, true, { signal: timer.signal }).catch(() => false);
  if (await Promise.race([process.exit.then(() => false), tooLong])) process.signal('SIGKILL');
  timer.abort();
  return running.finished;
}
