import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeDist } from '../dev/build/make-dist.ts';

const HELP = `Usage: npm run build [-- --out <folder>]

Makes what production runs with plain Node: compiled code, migrations, bundled workflows, the id of the build.

  --out   a new folder inside this project, or an earlier build, which it replaces; default dist
  --help  show this text
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: 'dist' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const out = resolve(ROOT, values.out);
  if (relative(ROOT, out).startsWith('..')) throw new Error(`--out ${values.out} lies outside this project`);
  const { buildId } = await makeDist(out);
  process.stdout.write(`build ${buildId} is in ${relative(process.cwd(), out) || out}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
