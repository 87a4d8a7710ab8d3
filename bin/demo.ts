import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClancyClient } from '../cli/client/clancy-client.ts';
import { developmentTokens } from '../cli/client/development-token.ts';
import { runDemo } from '../dev/demo/run-demo.ts';
import { DEFAULT_STORY, isStory, STORIES, type Story, type StoryName } from '../dev/demo/stories.ts';
import { createTerminal } from '../dev/demo/terminal.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import { formatDuration, formatStep } from '../dev/progress.ts';
import { createSandboxClient } from '../dev/sandbox/client.ts';
import type { Stack } from '../dev/stack/start-stack.ts';
import { removeStateFile, writeStateFile } from '../dev/stack/state-file.ts';
import { withStack } from '../dev/stack/with-stack.ts';

const HELP = `npm run demo: hire an AI employee, run it, kill its worker, and see each effect made once

Starts everything it needs on free ports and in a temporary folder, and leaves nothing behind.

  npm run demo -- --example NAME   whom to hire: ${Object.keys(STORIES).join(' or ')};
                                   ${DEFAULT_STORY} unless said otherwise
  npm run demo -- --keep           leaves everything up until Ctrl-C, for a look around
  npm run demo -- --help           this text
`;

const PERSON = { user_id: 'user_dev', org_id: 'org_demo', role: 'admin' };
const APPROVER = { user_id: 'user_katrin', org_id: 'org_demo', role: 'approver' };
const STATE_FILE = join(process.cwd(), '.clancy', 'dev.json');
const terminal = createTerminal((text) => process.stdout.write(text));

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    keep: { type: 'boolean' },
    example: { type: 'string', default: DEFAULT_STORY },
  },
});
if (values.help) console.log(HELP);
else if (!isStory(values.example)) {
  console.error(`There is no example ${values.example}. There are: ${Object.keys(STORIES).join(', ')}.`);
  process.exit(2);
}
// A start that was interrupted may still be under way: what it spawns ends with this process.
else process.exit(await main(values.example, values.keep === true));

async function main(name: StoryName, isKept: boolean): Promise<number> {
  const startedAt = performance.now();
  const folder = await makeTempFolder('clancy-demo');
  terminal.heading('Starting the stack');
  try {
    const options = {
      dir: folder.path,
      env: process.env,
      log: (step: Parameters<typeof formatStep>[0]) => terminal.line(formatStep(step)),
      onError: (message: string) => terminal.line(`\nThe demo failed: ${message}`),
    };
    return await withStack(options, async (stack, interrupted) => {
      await tell(stack, STORIES[name], isKept);
      terminal.line(`\nDone in ${formatDuration(performance.now() - startedAt)}.`);
      if (isKept) await keep(stack, interrupted);
    });
  } finally {
    await folder.remove();
  }
}

async function tell(stack: Stack, story: Story, isKept: boolean): Promise<void> {
  const clientOf = (person: typeof PERSON) =>
    createClancyClient({
      apiUrl: stack.urls.api,
      connecthubUrl: stack.urls.connecthub,
      token: developmentTokens({ issuersUrl: stack.urls.issuers, person, nowMs: Date.now }),
    });
  const jobDescription = await readFile(new URL(`../examples/${story.file}`, import.meta.url), 'utf8');
  const sandbox = createSandboxClient(stack.urls.sandbox);
  const people = { client: clientOf(PERSON), approver: clientOf(APPROVER) };
  await runDemo({ stack, ...people, sandbox, story, jobDescription, terminal, isKept });
}

async function keep(stack: Stack, interrupted: Promise<void>): Promise<void> {
  await writeStateFile(STATE_FILE, stack, PERSON);
  terminal.line('Everything is up. Try `npm run -s clancy -- runs list` in this folder. Ctrl-C ends it.');
  await interrupted;
  await removeStateFile(STATE_FILE, stack);
}
