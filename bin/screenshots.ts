import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { formatStep } from '../dev/progress.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import { findChromium } from '../dev/screenshots/browser.ts';
import { takeScreenshots } from '../dev/screenshots/take-all.ts';

const HELP = `npm run screenshots: take the pictures of docs/operators.md from this code

Starts the embedded stack with payload encryption on, hires the receivables assistant, runs it, and photographs Temporal's
Web UI in Debian's chromium: signed in at the local issuer, and reading through the codec server. Writes docs/images/.

Needs on the PATH: chromium (apt-get install chromium), go (builds the Web UI's server once) and openssl.

  npm run screenshots -- --into FOLDER   write them elsewhere
  npm run screenshots -- --help          this text
`;

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, into: { type: 'string', default: IMAGES } } });
if (values.help) console.log(HELP);
// A start that was interrupted may still be under way: what it spawns ends with this process.
else process.exit(await main(values.into));

async function main(into: string): Promise<number> {
  const chromium = await findChromium(process.env['PATH'] ?? '').catch(fail);
  if (chromium === undefined) return 1;
  const folder = await makeTempFolder('clancy-screenshots');
  const log = (step: Parameters<typeof formatStep>[0]): void => console.log(formatStep(step));
  try {
    return await takeScreenshots({ dir: folder.path, into, chromium, env: process.env, log, onError: fail });
  } finally {
    await folder.remove();
  }
}

function fail(error: unknown): undefined {
  console.error(error instanceof Error ? error.message : String(error));
}
