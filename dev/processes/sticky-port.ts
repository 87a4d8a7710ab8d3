import { readFile, writeFile } from 'node:fs/promises';
import { freePort, isPortFree } from './free-port.ts';

/**
 * The port that a file remembers, so that addresses outlive a restart of the stack; another one where it holds
 * none yet or somebody else listens there now. For folders that the caller has claimed.
 */
export async function stickyPort(file: string): Promise<number> {
  const remembered = Number(await readFile(file, 'utf8').catch(() => ''));
  const isUsable = Number.isInteger(remembered) && remembered > 1023 && remembered < 65_536;
  if (isUsable && (await isPortFree(remembered))) return remembered;
  const port = await freePort();
  await writeFile(file, String(port));
  return port;
}
