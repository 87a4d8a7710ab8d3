import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeDist } from '../../dev/build/make-dist.ts';
import { spawnChild, type Child } from '../../dev/processes/spawn-child.ts';
import { silent } from '../../dev/progress.ts';
import { listeningUrl } from '../../dev/stack/child-service.ts';
import type { Environment } from '../../dev/stack/environment.ts';
import type { Temporal } from '../../dev/temporal/temporal.ts';
import { BUILD_FILE } from '../../platform/build/build.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';

/** Inside the project, where the dependencies are found; not `dist/`, which is the developer's. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

export interface BuiltDist {
  readonly dist: string;
  readonly buildId: string;
}

/** What `npm run build` makes, in a folder of its own; `remove` it with all releases beside it. */
export async function build(): Promise<BuiltDist & { remove(): Promise<void> }> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'clancy-production-'));
  const dist = join(folder, 'dist');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    return { dist, buildId: (await makeDist(dist)).buildId, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The same code under another id: to Temporal, the next release. */
export async function nextRelease({ dist }: BuiltDist): Promise<BuiltDist> {
  const next = { dist: join(dirname(dist), 'next'), buildId: 'next-release' };
  await cp(dist, next.dist, { recursive: true });
  await writeFile(join(next.dist, BUILD_FILE), JSON.stringify({ build_id: next.buildId }));
  return next;
}

/**
 * The whole product from a build, in mode staging: production's code and checks, with the three waivers. `parts` are
 * addresses of servers that run already (DATABASE_URL, TEMPORAL_ADDRESS).
 */
export function startStaging({ dist }: BuiltDist, parts: Environment = {}): Promise<TestStack> {
  const staging = { CLANCY_MODE: 'staging' };
  // Nothing balances these processes: they need not wait for it when they end.
  const serving = { ...staging, DRAIN_MS: '0' };
  return startTestStack({
    dist,
    encrypted: true,
    parts,
    extra: { api: serving, connecthub: serving, worker: staging },
  });
}

export interface Copy {
  readonly child: Child;
  readonly url: string;
}

/** One more copy of one of the stack's processes, from this build. */
export async function startCopy(
  { stack }: TestStack,
  { dist, buildId }: BuiltDist,
  name: 'api' | 'connecthub' | 'worker',
  extra: Environment = {},
): Promise<Copy> {
  let url = '';
  const child = await spawnChild({
    name: `${name} of ${buildId}`,
    command: process.execPath,
    args: [join(dist, 'bin', `${name}.js`)],
    env: { ...stack.environments[name], PORT: '0', ...extra },
    cwd: dist,
    logFile: join(stack.dir, `${name}-${buildId}.log`),
    readyWhen: async (starting) => (url = listeningUrl(await starting.logText()) ?? '') !== '',
    readyTimeoutMs: 120_000,
    stopTimeoutMs: 30_000,
    log: silent,
  });
  return { child, url };
}

/** Starts a program of the build with exactly this environment and waits until it ends. */
export async function exitOfBuilt(
  { dist }: BuiltDist,
  name: string,
  env: Environment,
  ...args: string[]
): Promise<{ code: unknown; said: string }> {
  const ended = promisify(execFile)(process.execPath, [join(dist, 'bin', `${name}.js`), ...args], { env, timeout: 60_000 });
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code: unknown; stdout: string; stderr: string }) => ({ code: error.code, said: error.stdout + error.stderr }),
  );
}

/** Runs the deploy step of a build as operators do; gives what it says. */
export async function deploy(
  temporal: Pick<Temporal, 'address' | 'namespace'>,
  { dist }: BuiltDist,
  ...args: string[]
): Promise<string> {
  const env = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
  const { stdout } = await promisify(execFile)(process.execPath, [join(dist, 'bin/deploy.js'), ...args], { env });
  return stdout;
}
