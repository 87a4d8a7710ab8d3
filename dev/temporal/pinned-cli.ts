import { join } from 'node:path';

/** v1.6 and later carry a `replace` line in go.mod, which `go install` refuses. Server 1.29.1, Web UI 2.42. */
export const pinnedCli = { version: 'v1.5.1', module: 'github.com/temporalio/cli/cmd/temporal' } as const;

/** Where the pinned CLI lies once it was downloaded or built. */
export function cachedCliPath(cacheDir: string): string {
  return join(cacheDir, 'temporal', pinnedCli.version, 'temporal');
}
