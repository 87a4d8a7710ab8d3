import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeDist } from '../../dev/build/make-dist.ts';
import type { StackOptions } from '../../dev/stack/start-stack.ts';
import { BUILD_FILE } from '../../platform/build/build.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';

/** Inside the project, where the dependencies are found; not `dist/`, which is the developer's. */
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/clancy-production-test', import.meta.url));

export interface BuiltDist {
  readonly dist: string;
  readonly buildId: string;
}

/** What `npm run build` makes. */
export async function build(): Promise<BuiltDist> {
  await mkdir(FOLDER, { recursive: true });
  const dist = join(FOLDER, 'dist');
  return { dist, buildId: (await makeDist(dist)).buildId };
}

/** The same code under another id: to Temporal, the next release. */
export async function nextRelease({ dist }: BuiltDist): Promise<BuiltDist> {
  const next = { dist: join(FOLDER, 'next'), buildId: 'next-release' };
  await cp(dist, next.dist, { recursive: true });
  await writeFile(join(next.dist, BUILD_FILE), JSON.stringify({ build_id: next.buildId }));
  return next;
}

/** The whole product from a build, in mode staging: production's code and checks, with the three waivers. */
export function startStaging({ dist }: BuiltDist, extra: StackOptions['extra'] = {}): Promise<TestStack> {
  const staging = { CLANCY_MODE: 'staging' };
  // Nothing balances these processes: they need not wait for it when they end.
  const serving = { ...staging, DRAIN_MS: '0' };
  return startTestStack({
    dist,
    encrypted: true,
    extra: {
      api: { ...serving, ...extra.api },
      connecthub: { ...serving, ...extra.connecthub },
      worker: { ...staging, ...extra.worker },
    },
  });
}

/** Runs the deploy step of a build as operators do; gives what it says. */
export async function deploy({ stack }: TestStack, { dist }: BuiltDist, ...args: string[]): Promise<string> {
  const { temporal } = stack;
  const env = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
  const { stdout } = await promisify(execFile)(process.execPath, [join(dist, 'bin/deploy.js'), ...args], { env });
  return stdout;
}
