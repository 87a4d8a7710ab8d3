import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('guardian.sh', import.meta.url));

export interface Ward {
  /** Leader of a process group. */
  readonly pid: number;
  readonly signal: NodeJS.Signals;
  readonly graceSeconds: number;
}

type Shell = ChildProcessByStdio<Writable, Readable, null>;

const wards = new Map<number, Ward>();
const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
let shell: Shell | undefined;

/**
 * Puts a process group under the guardian: when this process ends, in whatever way, the group is sent `signal`
 * and after the grace SIGKILL. Resolves when the guardian has taken note, rejects when none can be started.
 */
export function guard(ward: Ward): Promise<void> {
  wards.set(ward.pid, ward);
  return new Promise((resolve, reject) => {
    waiting.set(ward.pid, { resolve, reject });
    if (shell) tell(shell, ward);
    else shell = startShell();
  });
}

/** Takes a group that has ended out of the guardian's list, before its id can belong to somebody else. */
export function release(pid: number): void {
  wards.delete(pid);
  waiting.delete(pid);
  shell?.stdin.write(`remove ${pid}\n`);
}

function tell(to: Shell, ward: Ward): void {
  to.stdin.write(`add ${ward.pid} ${ward.signal.replace(/^SIG/, '')} ${ward.graceSeconds}\n`);
}

/** In a session of its own, so that Ctrl-C on the terminal does not reach it, and without keeping this process alive. */
function startShell(): Shell {
  const started = spawn('/bin/sh', [script], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
  });
  let answered = false;
  createInterface({ input: started.stdout }).on('line', (line) => {
    answered = true;
    acknowledge(line);
  });
  started.on('error', (error) => fail(started, error));
  started.on('exit', () => (answered ? replace(started) : fail(started, new Error('it ended at once'))));
  started.stdin.on('error', () => {});
  for (const handle of [started, started.stdin, started.stdout]) unref(handle);
  for (const ward of wards.values()) tell(started, ward);
  return started;
}

/** Somebody killed the guardian: what still runs gets another one. */
function replace(ended: Shell): void {
  if (shell !== ended) return;
  shell = wards.size > 0 ? startShell() : undefined;
}

function fail(ended: Shell, cause: Error): void {
  if (shell === ended) shell = undefined;
  for (const { reject } of waiting.values()) reject(new Error('no guardian process can be started', { cause }));
  waiting.clear();
}

function acknowledge(line: string): void {
  const pid = Number(line.replace(/^ok /, ''));
  waiting.get(pid)?.resolve();
  waiting.delete(pid);
}

/** Streams of a child are sockets, which can be unreferenced; their declared types do not say so. */
function unref(handle: object): void {
  if ('unref' in handle && typeof handle.unref === 'function') handle.unref();
}
