import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { keyOf, type BlobStore } from './blob-store.ts';

/** What is being written ends in this, and is never read. */
const PART = '.part';

/** Objects as files below a folder that only Agent-Core needs to reach; several copies of it may share one. */
export function createFolderStore(folder: string): BlobStore {
  return {
    put: async (name, body, size) => {
      const path = join(folder, keyOf(name));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await writeWhole(path + PART, body, size);
        await rename(path + PART, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await rm(path + PART, { force: true });
        throw error;
      }
    },
    get: async (name) => {
      const file = createReadStream(join(folder, keyOf(name)));
      try {
        await once(file, 'open');
        return file;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    delete: async (name) => {
      const path = join(folder, keyOf(name));
      await Promise.all([rm(path, { force: true }), rm(path + PART, { force: true })]);
    },
  };
}

async function writeWhole(path: string, body: AsyncIterable<Buffer>, size: number): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let written = 0;
    for await (const piece of body) {
      await file.writeFile(piece);
      written += piece.length;
    }
    if (written !== size) throw new RangeError(`${written} bytes of an object, and ${size} were announced`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name itself: fsync(2) of the file does not keep it. Not every system lets a folder be opened. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path);
    await folder.sync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && ['EISDIR', 'EPERM', 'EINVAL'].includes(String(error.code)))) throw error;
  } finally {
    await folder?.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
