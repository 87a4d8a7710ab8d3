import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** JSON files of one process in a folder that only its user can read. */
export type StateFolder = {
  readonly read: (name: string) => Promise<unknown>;
  /** Replaces the file in one step: after a crash it holds the old text or the new one. */
  readonly write: (name: string, value: unknown) => Promise<void>;
};

/** Opens the folder, makes it where it is missing, and takes everyone else's rights from it. */
export async function openStateFolder(dir: string): Promise<StateFolder> {
  await mkdir(dir, { recursive: true, mode: FOLDER_MODE });
  await chmod(dir, FOLDER_MODE);
  let lastWrite = Promise.resolve();

  async function replace(name: string, value: unknown): Promise<void> {
    const path = join(dir, name);
    await writeFile(`${path}.new`, JSON.stringify(value), { mode: FILE_MODE });
    await rename(`${path}.new`, path);
  }

  return {
    read: async (name) => {
      try {
        return JSON.parse(await readFile(join(dir, name), 'utf8'));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write: async (name, value) => {
      // One at a time and in order, whatever became of the one before.
      lastWrite = lastWrite.catch(() => undefined).then(() => replace(name, value));
      return lastWrite;
    },
  };
}
