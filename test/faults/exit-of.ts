import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { nodeScript } from '../../dev/processes/node-script.ts';
import type { Environment } from '../../dev/stack/environment.ts';

/** Longer than any process may look for what is missing. */
const KILL_AFTER_MS = 50_000;

/** Starts one of our processes and waits until it ends; `said` is all that it wrote. */
export async function exitOf(
  name: 'api' | 'connecthub' | 'worker',
  env: Environment,
): Promise<{ code: number | null; said: string }> {
  const { command, args } = nodeScript(new URL(`../../bin/${name}.ts`, import.meta.url));
  const child = spawn(command, args, { env, timeout: KILL_AFTER_MS, killSignal: 'SIGKILL' });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, said: out + error };
}
