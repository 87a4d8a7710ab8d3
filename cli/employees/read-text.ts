import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../exit-codes.ts';
import type { Io } from '../session.ts';

/**
 * The text of a file, or of standard input for `-`.
 * @throws UsageError
 */
export async function readText(io: Io, file: string): Promise<string> {
  if (file === '-') return io.readStdin();
  return readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read.`, { cause });
  });
}

/** @throws UsageError also for a text of blanks. */
export async function readJobDescription(io: Io, file: string): Promise<string> {
  const text = await readText(io, file);
  if (text.trim() === '') throw new UsageError('The job description is empty.');
  return text;
}
