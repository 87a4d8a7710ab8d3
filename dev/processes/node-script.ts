import { fileURLToPath } from 'node:url';

// Resolved from here, so that a script can be started in any folder.
const loader = import.meta.resolve('tsx');

/** Command and arguments that run one of our TypeScript files: Node 20 does not strip types by itself. */
export function nodeScript(
  script: string | URL,
  args: readonly string[] = [],
): { readonly command: string; readonly args: readonly string[] } {
  const path = typeof script === 'string' ? script : fileURLToPath(script);
  return { command: process.execPath, args: ['--import', loader, path, ...args] };
}
