import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runClancy } from '../run-clancy.ts';
import type { ClancyEnvironment } from '../surroundings.ts';
import { GOOD_TOKEN } from './stub-route.ts';

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: ClancyEnvironment;
  readonly cwd?: string;
  readonly stdin?: string;
  /** As if stdout were a terminal of this size. */
  readonly terminal?: { columns: number; rows: number };
}

const NOT_SIGNED_IN: ClancyEnvironment = { apiUrl: undefined, connecthubUrl: undefined, token: undefined };

/** Somebody whose token the stub at `url` accepts. */
export function signedInAt(url: string, token = GOOD_TOKEN): ClancyEnvironment {
  return { apiUrl: url, connecthubUrl: url, token };
}

/** Runs the command in this process, with everything that it writes. */
export async function runHere(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const exitCode = await runClancy({
    argv,
    version: '1.2.3',
    io: {
      stdout: (text) => void (written.stdout += text),
      stderr: (text) => void (written.stderr += text),
      readStdin: async () => options.stdin ?? '',
      cwd: options.cwd ?? '/nowhere',
      env: options.env ?? NOT_SIGNED_IN,
      nowMs: Date.now,
      ...(options.terminal && { terminal: () => options.terminal! }),
      patience: { attempts: 3, firstDelayMs: 1, longestDelayMs: 1 },
    },
  });
  return { exitCode, ...written };
}

const LAUNCHER = fileURLToPath(new URL('../../bin/clancy.mjs', import.meta.url));

/** Runs the command as its users do: a process of its own, through its launcher. */
export async function runProcess(argv: readonly string[], options: RunOptions & { readonly path: string }): Promise<Ended> {
  const { apiUrl, connecthubUrl, token } = options.env ?? NOT_SIGNED_IN;
  const env = {
    PATH: options.path,
    ...(apiUrl !== undefined && { CLANCY_API_URL: apiUrl }),
    ...(connecthubUrl !== undefined && { CLANCY_CONNECTHUB_URL: connecthubUrl }),
    ...(token !== undefined && { CLANCY_TOKEN: token }),
  };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [LAUNCHER, ...argv], { env, cwd: options.cwd }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else reject(error ?? new Error('the command ended without a code'));
    });
    child.stdin?.end(options.stdin ?? '');
  });
}
