import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { guard, release } from './guardian.ts';

// The shell waits for a line on descriptor 3 and then becomes the command. When the parent dies before the
// guardian knows of the child, the line never comes and the command never starts.
const gate = 'read -r go <&3 || exit 125; exec 3<&-; exec "$@"';

export interface GatedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Only root can start a child as another user. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly output: number;
  /** What the guardian sends should this process die, and how long it waits before SIGKILL. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GatedProcess {
  readonly pid: number;
  readonly exit: Promise<ExitStatus>;
  /** Sends a signal to the child and all that it started; false when nothing of it is left. */
  signal(name: NodeJS.Signals): boolean;
}

/** Starts a command as leader of its own process group that cannot outlive this process, see guardian.ts. */
export async function spawnGated(spec: GatedCommand): Promise<GatedProcess> {
  const child = spawn('/bin/sh', ['-c', gate, 'sh', spec.command, ...spec.args], {
    cwd: spec.cwd,
    env: { ...spec.env },
    detached: true,
    stdio: ['ignore', spec.output, spec.output, 'pipe'],
    ...spec.user,
  });
  const exit = exitOf(child);
  const pid = await pidOf(child);
  void cleanUpAfter(exit, pid);
  await guard({ pid, signal: spec.stopSignal, graceSeconds: Math.ceil(spec.stopTimeoutMs / 1000) });
  openGate(child);
  return { pid, exit, signal: (name) => signalGroup(pid, name) };
}

/** Nothing that the command started stays behind it. */
async function cleanUpAfter(exit: Promise<ExitStatus>, pid: number): Promise<void> {
  await exit;
  signalGroup(pid, 'SIGKILL');
  release(pid);
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => (child.pid === undefined ? reject(new Error('no pid')) : resolve(child.pid)));
  });
}

function openGate(child: ChildProcess): void {
  const pipe = child.stdio[3] as Writable; // 'pipe' above makes it one
  pipe.on('error', () => {}); // the child was killed at the gate: its exit status says so
  pipe.end('go\n');
}

function signalGroup(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
}
