import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A set that cannot be scored: not there, or not of the form. */
export class SetError extends Error {}

/** @throws SetError saying what to do where the file is missing or is not of the form. */
export async function readSet<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> {
  const read = schema.safeParse(await readJson(path));
  if (read.success) return read.data;
  throw new SetError(`${path} is not of the form that docs/eval.md describes:\n${z.prettifyError(read.error)}`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new SetError(`${path} is not JSON: ${error.message}`);
    throw new SetError(`${path} cannot be read. Put the set there, or name another: npm run eval -- --set FILE (docs/eval.md).`);
  }
}
