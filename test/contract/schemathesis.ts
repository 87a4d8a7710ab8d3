import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fillOnce, openCache } from '../../dev/cache.ts';

const run = promisify(execFile);

/** Its checks are what the tests say; another version may have others. */
export const SCHEMATHESIS_VERSION = '4.32.5';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The `schemathesis` command (https://schemathesis.readthedocs.io), which reads an OpenAPI document, makes requests of its own
 * and compares the answers with what the document promises. Installed from PyPI into a virtual environment of the cache, once.
 * @throws Error that says what Python or pip said; Python 3.10 or newer is needed on the PATH.
 */
export async function getSchemathesis(env: Environment): Promise<string> {
  const folder = join(await openCache(env), 'schemathesis', SCHEMATHESIS_VERSION);
  try {
    // A virtual environment names its own folder in its scripts, so the program is called as a module.
    await fillOnce(folder, async (into) => {
      await run('python3', ['-m', 'venv', into]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${SCHEMATHESIS_VERSION}`];
      await run(join(into, 'bin', 'python'), pip);
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`schemathesis ${SCHEMATHESIS_VERSION} is installed with python3 (3.10 or newer): ${said}`, { cause: error });
  }
  return join(folder, 'bin', 'python');
}

export interface Round {
  /** From `getSchemathesis`. */
  python: string;
  /** Of the service, without a path. */
  url: string;
  /** Where absent: the service's own `/openapi.json`. */
  document?: object;
  headers?: { [name: string]: string };
  /** More of the command's own arguments. */
  options?: readonly string[];
}

export interface Verdict {
  exitCode: number | null;
  /** What it printed. */
  report: string;
  /** Requests that it generated and sent. */
  cases: number;
}

/** No 5xx, and no status, media type or body that the document does not declare. */
const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';

/** Runs it once over all operations of a service; the same seed always, so that a failure can be seen again. */
export async function examine({ python, url, document, headers = {}, options = [] }: Round): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'clancy-contract-'));
  const source = document ? join(folder, 'openapi.json') : `${url}/openapi.json`;
  if (document) await writeFile(source, JSON.stringify(document));
  const heads = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const fixed = ['--checks', CHECKS, '--seed', '1', '--continue-on-failure', '--no-color', '--generation-database', 'none'];
  const child = spawn(python, ['-m', 'schemathesis.cli', 'run', source, '--url', url, ...fixed, ...heads, ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let report = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (report += part.toString()));
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  await rm(folder, { recursive: true, force: true });
  return { exitCode, report, cases: Number(/(\d+) generated/.exec(report)?.[1] ?? 0) };
}
