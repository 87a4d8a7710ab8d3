import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hubHarness } from '../../connecthub/testing/harness.ts';
import { testOrgId } from '../database.ts';
import { fencesOf, followPage } from './page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = await readFile(join(ROOT, 'docs/add-a-provider.md'), 'utf8');
const SYSTEM_PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-page-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('a provider is imported from its document as the page says', { timeout: 120_000 }, async () => {
  const harness = await hubHarness();
  try {
    const hub = await harness.hub.app.listen({ port: 0, host: '127.0.0.1' });
    await asCheckout(folder, {
      api_url: hub,
      connecthub_url: hub,
      issuers_url: harness.surroundings.issuers.url,
      sandbox_url: harness.surroundings.sandboxUrl,
      person: { user_id: 'user_reader', org_id: testOrgId(), role: 'admin' },
    });
    await followPage(fencesOf(PAGE, 'Import an OpenAPI document'), { folder, path: `${join(folder, 'bin')}:${SYSTEM_PATH}` });
  } finally {
    await harness.close();
  }
});

it('a provider is written as the page says, and its tests pass', { timeout: 120_000 }, async () => {
  for (const part of ['connecthub', 'contracts', 'db', 'dev', 'platform', 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
    await cp(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await followPage(fencesOf(PAGE, 'Write one file of code'), { folder, path: SYSTEM_PATH });
});

it('the stack is started as everywhere else', () => {
  expect(PAGE).toContain('```sh stack\nnpm ci\nnpm run dev\n```');
});

/** What a reader has before them: the stack of their folder, and the command. */
async function asCheckout(at: string, state: object): Promise<void> {
  await mkdir(join(at, '.clancy'));
  await writeFile(join(at, '.clancy', 'dev.json'), JSON.stringify(state));
  const command = join(at, 'bin', 'clancy');
  await mkdir(dirname(command));
  await writeFile(command, `#!/bin/sh\nexec node ${join(ROOT, 'bin/clancy.mjs')} "$@"\n`);
  await chmod(command, 0o755);
}
