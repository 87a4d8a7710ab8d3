import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const help = '--db-filename --sqlite-pragma --dynamic-config-value --search-attribute';

/** For tests of the search: a program that answers the two questions of check-cli.ts. */
export const answersLikeTheCli = `case "$1" in
  --version) echo 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)' ;;
  *) echo '${help}' ;;
esac`;

/** Writes a shell script as a program. */
export async function writeProgram(path: string, script: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
