import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { nodeScript } from '../../dev/processes/node-script.ts';
import type { Ground } from './ground.ts';

const script = (...flags: string[]) => nodeScript(new URL('../../bin/clancy.ts', import.meta.url), ['keys', ...flags]);

/** `clancy keys` to its end, as an operator types it; its JSON. Rejects where it does not end with 0. */
export async function keys(ground: Ground, ...flags: string[]): Promise<{ [name: string]: unknown }> {
  const { command, args } = script(...flags, '--json');
  const env = { ...ground.env, KEY_ENCRYPTION_KEY: ground.rotating };
  const { stdout } = await promisify(execFile)(command, [...args], { env });
  return JSON.parse(stdout) as { [name: string]: unknown };
}

/** The same, killed with SIGKILL this long after it began to work; earlier where it has ended by then. */
export async function killedKeys(ground: Ground, afterMs: number, ...flags: string[]): Promise<'killed' | 'ended'> {
  const { command, args } = script(...flags);
  const child = spawn(command, [...args], {
    env: { ...ground.env, KEY_ENCRYPTION_KEY: ground.rotating },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  // It tells of its first step once that is committed.
  await Promise.race([once(child.stderr, 'data'), exited]);
  await Promise.race([delay(afterMs), exited]);
  child.kill('SIGKILL');
  const [, signal] = (await exited) as [number | null, string | null];
  return signal === 'SIGKILL' ? 'killed' : 'ended';
}
