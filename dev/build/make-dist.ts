import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflows } from '../../activities/agent-worker/bundle-workflows.ts';
import { BUILD_FILE, WORKFLOW_BUNDLE_FILE } from '../../platform/build/build.ts';
import { buildIdOf } from './build-id.ts';
import { compile } from './compile.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Makes what production runs, in a folder inside this project (dependencies are found from there): compiled JavaScript,
 * the migrations, the bundled workflows and the id of the build. An earlier build in the folder is replaced.
 *
 * @throws Error with the compiler's words when the sources have errors; there is no half build then. Error when the
 * folder holds something else than a build.
 */
export async function makeDist(out: string): Promise<{ buildId: string }> {
  await assertReplaceable(out);
  const draft = await mkdtemp(`${out}-draft-`);
  try {
    const { version } = await makeProcesses(draft);
    // The id is of what can differ: the bundle is made of the same files, and holds the path of this folder.
    const buildId = await buildIdOf({ version, dist: draft, lockFile: join(ROOT, 'package-lock.json') });
    const { codePath } = await bundleWorkflows({ dir: draft });
    await rename(codePath, join(draft, WORKFLOW_BUNDLE_FILE));
    await writeJson(join(draft, BUILD_FILE), { build_id: buildId });
    await rm(out, { recursive: true, force: true });
    await rename(draft, out);
    return { buildId };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** All of a build that processes without workflows need: compiled JavaScript and what it loads by name. */
export async function makeProcesses(out: string): Promise<{ version: string }> {
  await compile(ROOT, out);
  await copyAssets(out);
  const version = await packageVersion();
  await writeJson(join(out, 'package.json'), { name: 'clancy', version, private: true, type: 'module' });
  return { version };
}

/** The folder is deleted in the end: a slip of the hand must not cost anybody their sources. */
async function assertReplaceable(out: string): Promise<void> {
  const files = await readdir(out).catch((): string[] => []);
  if (files.length > 0 && !files.includes(BUILD_FILE)) throw new Error(`${out} holds something else than a build`);
}

/** What the compiler leaves behind: SQL, and JavaScript that threads load by its name. */
async function copyAssets(out: string): Promise<void> {
  await cp(join(ROOT, 'db/migrations'), join(out, 'db/migrations'), { recursive: true });
  const isScript = (path: string): boolean => extname(path) === '' || path.endsWith('.mjs');
  for (const part of ['platform', 'connecthub']) {
    await cp(join(ROOT, part), join(out, part), { recursive: true, filter: isScript });
  }
}

async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
