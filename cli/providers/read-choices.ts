import { parse } from 'yaml';
import { z } from 'zod';
import { readText } from '../employees/read-text.ts';
import { UsageError } from '../exit-codes.ts';
import type { Io } from '../session.ts';

/** What somebody chose of a provider, as YAML or JSON; ConnectHub checks what it says. */
export async function readChoices(io: Io, file: string): Promise<{ [name: string]: unknown }> {
  const text = await readText(io, file);
  try {
    return z.record(z.string(), z.unknown()).parse(parse(text, { maxAliasCount: 0 }));
  } catch (cause) {
    throw new UsageError(`${file} is neither YAML nor JSON with names and values.`, { cause });
  }
}
