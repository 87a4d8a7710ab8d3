import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fencesOf, followPage } from '../docs/page.ts';
import type { TestStack } from '../stack/test-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SYSTEM_PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

/** A reader types what the page says, in a checkout whose stack is up. */
export function followsThePage(world: () => TestStack): void {
  describe('a reader of the page', { timeout: 180_000 }, () => {
    test('about rehearsals sees what it shows, and nothing is posted', async () => {
      const { stack, newOrg, sandbox } = world();
      const org = newOrg();
      const team = await org.connect('slack');
      const folder = await mkdtemp(join(tmpdir(), 'clancy-page-'));
      try {
        const { api: api_url, connecthub: connecthub_url, issuers: issuers_url, sandbox: sandbox_url } = stack.urls;
        const person = { user_id: 'user_reader', org_id: org.orgId, role: 'admin' };
        await asCheckout(folder, { api_url, connecthub_url, issuers_url, sandbox_url, person });
        const text = await readFile(join(ROOT, 'docs/rehearsal.md'), 'utf8');
        await followPage(fencesOf(text, 'Walk through it'), { folder, path: `${join(folder, 'bin')}:${SYSTEM_PATH}` });
        expect(await sandbox.effects(team)).toEqual([]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  });
}

/** What a reader has before them: the stack of their folder, and the command. */
async function asCheckout(at: string, state: object): Promise<void> {
  await mkdir(join(at, '.clancy'));
  await writeFile(join(at, '.clancy', 'dev.json'), JSON.stringify(state));
  const command = join(at, 'bin', 'clancy');
  await mkdir(dirname(command));
  await writeFile(command, `#!/bin/sh\nexec node ${join(ROOT, 'bin/clancy.mjs')} "$@"\n`);
  await chmod(command, 0o755);
}
