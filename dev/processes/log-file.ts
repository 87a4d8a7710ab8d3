import { chmodSync, openSync, renameSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

// Enough to see a stack trace, little enough to print.
const tailBytes = 64 * 1024;

/** The file that a child writes to by itself, so that it can go on writing when its parent is gone. */
export interface LogFile {
  readonly path: string;
  /** Opens the file for a start of the child and remembers where that start's text begins. */
  openForStart(): Promise<number>;
  /** Text written since the last start, at most its last 64 KiB. */
  sinceStart(): Promise<string>;
}

/** Begins a log; what an earlier one held is kept beside it as `<path>.previous`. Readable by its owner only. */
export async function beginLog(path: string): Promise<LogFile> {
  await mkdir(dirname(path), { recursive: true });
  if (await stat(path).catch(() => undefined)) renameSync(path, `${path}.previous`);
  let start = 0;
  return {
    path,
    async openForStart() {
      const fd = openSync(path, 'a', 0o600);
      chmodSync(path, 0o600);
      start = (await stat(path)).size;
      return fd;
    },
    sinceStart: () => readTail(path, start),
  };
}

async function readTail(path: string, from: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const position = Math.max(from, size - tailBytes);
    const buffer = Buffer.alloc(Math.max(0, size - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The last lines of a text, for an error message. */
export function lastLines(text: string, count = 15): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
