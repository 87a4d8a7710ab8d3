import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClancyClient } from '../cli/client/clancy-client.ts';
import { developmentTokens } from '../cli/client/development-token.ts';
import { runDemo } from '../dev/demo/run-demo.ts';
import { createTerminal } from '../dev/demo/terminal.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import { formatDuration, formatStep } from '../dev/progress.ts';
import { createSandboxClient } from '../dev/sandbox/client.ts';
import { startStack } from '../dev/stack/start-stack.ts';
import { removeStateFile, writeStateFile } from '../dev/stack/state-file.ts';
import { untilSignal } from '../dev/stack/until-signal.ts';

const HELP = `npm run demo: hire an AI employee, run it, kill its worker, and see each effect made once

Starts everything it needs on free ports and in a temporary folder, and leaves nothing behind.

  npm run demo -- --keep   leaves everything up until Ctrl-C, for a look around
  npm run demo -- --help   this text
`;

const PERSON = { user_id: 'user_dev', org_id: 'org_demo', role: 'admin' };

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' }, keep: { type: 'boolean' } } });
if (values.help) console.log(HELP);
else process.exitCode = await main(values.keep === true);

async function main(isKept: boolean): Promise<number> {
  const startedAt = performance.now();
  const terminal = createTerminal((text) => process.stdout.write(text));
  const signal = untilSignal();
  const folder = await makeTempFolder('clancy-demo');
  const stateFile = join(process.cwd(), '.clancy', 'dev.json');
  terminal.heading('Starting the stack');
  const stack = await startStack({ dir: folder.path, env: process.env, log: (step) => terminal.line(formatStep(step)) });
  try {
    const jobDescription = await readFile(new URL('../examples/slack-digest-writer.md', import.meta.url), 'utf8');
    const client = createClancyClient({
      apiUrl: stack.urls.api,
      connecthubUrl: stack.urls.connecthub,
      token: developmentTokens({ issuersUrl: stack.urls.issuers, person: PERSON, nowMs: Date.now }),
    });
    const story = runDemo({ stack, client, sandbox: createSandboxClient(stack.urls.sandbox), jobDescription, terminal });
    const isDone = await Promise.race([story.then(() => true), signal.then(() => false)]);
    if (isDone) terminal.line(`\nDone in ${formatDuration(performance.now() - startedAt)}.`);
    if (isDone && isKept) {
      await writeStateFile(stateFile, stack, PERSON);
      terminal.line('Everything is up. Try `npm run -s clancy -- runs list` in this folder. Ctrl-C ends it.');
      await signal;
      await removeStateFile(stateFile);
    }
    return isDone ? 0 : 130;
  } catch (error) {
    terminal.line(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await stack.stop();
    await folder.remove();
  }
}
