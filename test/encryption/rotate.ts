import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nodeScript } from '../../dev/processes/node-script.ts';
import type { TestStack } from '../stack/test-stack.ts';

/** Gives the organisation a new key as an operator does. */
export async function rotateKey({ stack }: TestStack, orgId: string): Promise<string> {
  const { command, args } = nodeScript(new URL('../../bin/clancy.ts', import.meta.url));
  const { DATABASE_URL, ORG_CONTEXT_KEY, KEY_ENCRYPTION_KEY } = stack.environments.api;
  const env = { DATABASE_URL, ORG_CONTEXT_KEY, KEY_ENCRYPTION_KEY };
  const { stdout } = await promisify(execFile)(command, [...args, 'keys', 'rotate', '--org', orgId], { env });
  return stdout;
}
