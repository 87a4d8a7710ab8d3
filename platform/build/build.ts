import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What `npm run build` says of itself, in the root of `dist/`. */
export const BUILD_FILE = 'build.json';
/** The workflows of the build, ready for a worker. */
export const WORKFLOW_BUNDLE_FILE = 'workflow-bundle.js';

const packageSchema = z.object({ version: z.string() });
const buildSchema = z.strictObject({ build_id: z.string().min(1) });

export interface Build {
  /** The same for the same code and dependencies, wherever it is built: the worker's deployment version. */
  readonly buildId: string;
  readonly workflowBundle: { readonly codePath: string };
}

/** The release, as the `package.json` of the sources or of the build says. `root` ends with a slash. */
export async function readVersion(root: URL): Promise<string> {
  return packageSchema.parse(JSON.parse(await readFile(new URL('package.json', root), 'utf8'))).version;
}

/** The build that this process was started from; undefined where it runs from its sources. `root` ends with a slash. */
export async function readBuild(root: URL): Promise<Build | undefined> {
  const text = await readFile(new URL(BUILD_FILE, root), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const { build_id: buildId } = buildSchema.parse(JSON.parse(text));
  return { buildId, workflowBundle: { codePath: fileURLToPath(new URL(WORKFLOW_BUNDLE_FILE, root)) } };
}
