import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface CliVersion {
  readonly server: string;
  readonly ui: string;
}

const neededFlags = ['--sqlite-pragma', '--dynamic-config-value', '--search-attribute', '--db-filename'];

/**
 * Asks a program whether it is a Temporal CLI that can start our server.
 * @throws Error that says why not
 */
export async function checkCli(program: string): Promise<CliVersion> {
  const said = await ask(program, ['--version']);
  // A CLI made by `go install` calls itself 0.0.0-DEV, so its server's version is what counts.
  const [, server, ui] = /^temporal version .*\(Server ([\d.]+), UI ([\d.]+)\)/.exec(said) ?? [];
  if (!server || !ui) {
    throw new Error(`${program} is not a Temporal CLI: asked for its version, it said "${said.slice(0, 80).trim()}"`);
  }
  const help = await ask(program, ['server', 'start-dev', '--help']);
  const missing = neededFlags.filter((flag) => !help.includes(flag));
  if (missing.length > 0) throw new Error(`${program} (server ${server}) is too old: it lacks ${missing.join(', ')}`);
  return { server, ui };
}

async function ask(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, args, { env: { HOME: '/nonexistent' }, timeout: 20_000, maxBuffer: 1 << 20 });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')} failed: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed) return 'no answer within 20 s';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message;
}
