import { z } from 'zod';
import { UsageError } from '../exit-codes.ts';
import { plainText, safeJson } from '../output/plain-text.ts';
import type { Io } from '../session.ts';
import { addVerb, type Register, type VerbOption } from '../verb.ts';
import type { KeyAdmin } from './key-admin.ts';

/** What a verb of keys works with: the service's own database and key service, no HTTP and nobody signed in. */
export interface KeySession {
  readonly admin: KeyAdmin;
  readonly show: <T>(answer: T, render: (answer: T) => string) => void;
  /** How it goes on, for people: to stderr. */
  readonly note: (text: string) => void;
}

export interface KeysVerb<I extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly VerbOption[];
  readonly examples: readonly [string, ...string[]];
  readonly input: I;
  readonly run: (session: KeySession, input: z.infer<I>) => Promise<void>;
}

/** A verb that needs the environment of Agent-Core or ConnectHub in place of a token. */
export function keysVerb<I extends z.ZodType>(definition: KeysVerb<I>): Register {
  return (resource, io) =>
    addVerb(resource, definition, async (input, isJson) => {
      const admin = await open(io);
      try {
        await definition.run({ admin, ...printers(io, isJson) }, input);
      } finally {
        await admin.close();
      }
    });
}

function open(io: Io): Promise<KeyAdmin> {
  if (!io.openKeys) throw new UsageError('Keys are administered where the service runs.');
  return io.openKeys();
}

function printers(io: Io, isJson: boolean): Pick<KeySession, 'show' | 'note'> {
  return {
    show: (answer, render) => io.stdout(`${isJson ? safeJson(answer, 2) : plainText(render(answer))}\n`),
    note: (text) => (isJson ? undefined : io.stderr(`${plainText(text)}\n`)),
  };
}

export const orgOption = (description: string): VerbOption => ({ flags: '--org <id>', description });
export const orgInput = z.string().regex(/^[\w.-]{1,128}$/, "expected an organisation's id, such as org_2x...");
