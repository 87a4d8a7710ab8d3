import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Stack } from './start-stack.ts';

/** Who the `clancy` command is on a development stack. */
export interface DevPerson {
  readonly user_id: string;
  readonly org_id: string;
  readonly role: string;
}

/** Written where the `clancy` command looks for a development stack (`.clancy/dev.json` in its folder); holds no secret. */
export async function writeStateFile(path: string, stack: Stack, person: DevPerson): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const state = {
    api_url: stack.urls.api,
    connecthub_url: stack.urls.connecthub,
    issuers_url: stack.urls.issuers,
    sandbox_url: stack.urls.sandbox,
    ...(stack.temporal.uiUrl !== undefined && { temporal_ui_url: stack.temporal.uiUrl }),
    person,
  };
  await writeFile(path, `${JSON.stringify(state, null, 2)}\n`);
}

/** Removes the file, unless another stack of the folder has written its own since. */
export async function removeStateFile(path: string, stack: Stack): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text.includes(JSON.stringify(stack.urls.api))) await rm(path, { force: true });
}
