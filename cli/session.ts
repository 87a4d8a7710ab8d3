import { randomUUID } from 'node:crypto';
import { createClancyClient, type ClancyClient } from './client/clancy-client.ts';
import { developmentTokens } from './client/development-token.ts';
import type { Patience } from './client/patience.ts';
import type { KeyAdmin } from './keys/key-admin.ts';
import { plainText, safeJson } from './output/plain-text.ts';
import { findSurroundings, type ClancyEnvironment, type Surroundings } from './surroundings.ts';

/** What the command has of its process; given by `bin/clancy.ts`. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly readStdin: () => Promise<string>;
  readonly cwd: string;
  readonly env: ClancyEnvironment;
  readonly nowMs: () => number;
  /** Size of the terminal that stdout is, in characters; absent where it is none. */
  readonly terminal?: (() => { columns: number; rows: number }) | undefined;
  /** The data keys of the service whose environment this is. */
  readonly openKeys?: () => Promise<KeyAdmin>;
  /** Replaces the default where a test must not wait. */
  readonly patience?: Patience;
}

/** What a verb works with. */
export interface Session {
  readonly client: ClancyClient;
  readonly surroundings: Surroundings;
  readonly io: Io;
  readonly isJson: boolean;
  /** Of this command's POST: the one that was given, or a new one. */
  readonly idempotencyKey: string;
  /** Prints an answer: as one JSON document with `--json`, as `render` words it otherwise. */
  readonly show: <T>(answer: T, render: (answer: T) => string) => void;
  /** A line of the answer: NDJSON with `--json`. */
  readonly showLine: <T>(answer: T, render: (answer: T) => string) => void;
  /** Something besides the answer, for people: to stderr. */
  readonly note: (text: string) => void;
}

export interface SessionOptions {
  readonly io: Io;
  readonly isJson: boolean;
  readonly idempotencyKey: string | undefined;
}

/** @throws NotSignedInError, UsageError */
export async function openSession({ io, isJson, idempotencyKey }: SessionOptions): Promise<Session> {
  const surroundings = await findSurroundings(io.env, io.cwd);
  const print = (text: string) => io.stdout(`${text}\n`);
  return {
    client: clientFor(surroundings, io),
    surroundings,
    io,
    isJson,
    idempotencyKey: idempotencyKey ?? randomUUID(),
    show: (answer, render) => print(isJson ? safeJson(answer, 2) : plainText(render(answer))),
    showLine: (answer, render) => print(isJson ? safeJson(answer) : plainText(render(answer))),
    note: (text) => io.stderr(`${plainText(text)}\n`),
  };
}

function clientFor(surroundings: Surroundings, io: Io): ClancyClient {
  const token =
    surroundings.kind === 'given'
      ? async () => surroundings.token
      : developmentTokens({ issuersUrl: surroundings.issuersUrl, person: surroundings.person, nowMs: io.nowMs });
  const { apiUrl, connecthubUrl } = surroundings;
  return createClancyClient({ apiUrl, connecthubUrl, token, ...(io.patience && { patience: io.patience }) });
}
