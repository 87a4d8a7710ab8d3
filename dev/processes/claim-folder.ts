import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProcess, isSameProcess } from './process-table.ts';

export interface Claim {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/** Another living process works with the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  readonly folder: string;
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(`${folder} is in use by process ${pid}: stop that one first, or use another folder`);
    this.folder = folder;
    this.pid = pid;
  }
}

/**
 * Makes this process the only one that works with a folder, until it releases it or ends in whatever way:
 * the claim of a process that is gone, or whose pid belongs to another one now, is taken over.
 * @throws FolderInUseError
 */
export async function claimFolder(folder: string): Promise<Claim> {
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const path = join(folder, 'claim.json');
  const own = await draftClaim(path);
  try {
    while (!(await linkOnce(own.draft, path))) {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder && (await isSameProcess(holder))) throw new FolderInUseError(folder, holder.pid);
      await putAside(path, text);
    }
  } finally {
    await rm(own.draft, { force: true });
  }
  return { release: () => removeOwn(path, own.text) };
}

async function draftClaim(path: string): Promise<{ draft: string; text: string }> {
  const self = await findProcess(process.pid);
  // The random part tells two claims of one process apart.
  const text = JSON.stringify({ pid: process.pid, startedAt: self?.startedAt, id: randomUUID() });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text);
  return { draft, text };
}

/** link(2) is the one operation that gives a complete file a name only if nobody has it. */
async function linkOnce(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a stale claim, unless somebody has replaced it meanwhile: theirs is put back. */
async function putAside(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return; // somebody else was faster
  }
  if ((await readFile(aside, 'utf8')) !== stale) await linkOnce(aside, path);
  await rm(aside, { force: true });
}

async function removeOwn(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) await rm(path, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) return undefined;
    const { pid, startedAt } = value;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}
