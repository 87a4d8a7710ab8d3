import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '../../platform/payloads/data-converter.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Everything that may end up in the bundle: the workflows, and the contracts of which they import values. */
const SOURCES = ['workflows', 'contracts'];

/** What stands round the workflows of a bundle. */
export const WORKFLOW_INTERCEPTORS = [join(ROOT, 'workflows', 'tracing.ts')];

/**
 * Bundles `workflows/` for a worker into `{dir}/workflows-{hash}.js`. The hash is over the sources and the SDK's version, so
 * a worker that starts again finds its bundle ready. Several processes may do so at once.
 */
export async function bundleWorkflows(options: {
  dir: string;
  /** Where payloads are not encrypted: leaves messages and stacks of failures readable at Temporal. */
  plainFailures?: boolean;
  logger?: { info: (message: string) => void };
}): Promise<{ codePath: string }> {
  const kind = options.plainFailures === true ? 'plain' : 'workflows';
  const codePath = join(options.dir, `${kind}-${await hashOfInputs()}.js`);
  if (await exists(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(ROOT, 'workflows', 'index.ts'),
    workflowInterceptorModules: WORKFLOW_INTERCEPTORS,
    ...(options.plainFailures !== true && { failureConverterPath: FAILURE_CONVERTER_PATH }),
    logger: quiet,
  });
  options.logger?.info(`bundled the workflows into ${codePath}`);
  await mkdir(dirname(codePath), { recursive: true });
  // Renamed into place, so that no other process reads half a file.
  const draft = `${codePath}.${randomUUID()}`;
  await writeFile(draft, code);
  await rename(draft, codePath);
  return { codePath };
}

async function hashOfInputs(): Promise<string> {
  const hash = createHash('sha256')
    .update(sdkVersion())
    .update(await readFile(FAILURE_CONVERTER_PATH));
  for (const folder of SOURCES) {
    const files = (await readdir(join(ROOT, folder), { recursive: true })).filter(isSource).toSorted();
    for (const file of files) hash.update(`\n${folder}/${file}\n`).update(await readFile(join(ROOT, folder, file)));
  }
  return hash.digest('hex').slice(0, 32);
}

function isSource(file: string): boolean {
  return file.endsWith('.ts') && !file.endsWith('.test.ts');
}

function sdkVersion(): string {
  const { version } = createRequire(import.meta.url)('@temporalio/worker/package.json') as { version: string };
  return version;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const nothing = (): void => undefined;
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
