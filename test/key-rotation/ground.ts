import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubHarness, type HubHarness } from '../../connecthub/testing/harness.ts';
import type { Office } from '../../connecthub/testing/office.ts';
import { silent } from '../../dev/progress.ts';
import { listeningUrl, startService } from '../../dev/stack/child-service.ts';

/** Two ConnectHub processes over one database, that know an old and a new key encryption key. */
export interface Ground {
  readonly harness: HubHarness;
  readonly urls: readonly string[];
  /** KEY_ENCRYPTION_KEY of whoever rotates: the new one first. */
  readonly rotating: string;
  /** The old one alone. */
  readonly old: string;
  /** The new one alone. */
  readonly next: string;
  /** What `clancy keys` needs besides. */
  readonly env: { readonly [variable: string]: string };
  close(): Promise<void>;
}

export async function openGround(): Promise<Ground> {
  const harness = await hubHarness();
  const old = harness.surroundings.env['KEY_ENCRYPTION_KEY'] ?? '';
  const next = `next:${randomBytes(32).toString('base64')}`;
  const dir = await mkdtemp(join(tmpdir(), 'clancy-key-rotation-'));
  const copies = await Promise.all(
    ['a', 'b'].map(async (name) => {
      const env = { ...harness.surroundings.env, KEY_ENCRYPTION_KEY: `${old},${next}`, PORT: '0' };
      const child = await startService({ name: 'connecthub', env, dir: await mkdtemp(join(dir, name)), log: silent });
      return { url: listeningUrl(await readFile(child.logFile, 'utf8')) ?? '', stop: () => child.stop() };
    }),
  );
  const { DATABASE_URL = '', ORG_CONTEXT_KEY = '' } = harness.surroundings.env;
  return {
    harness,
    urls: copies.map(({ url }) => url),
    rotating: `${next},${old}`,
    old,
    next,
    env: { DATABASE_URL, ORG_CONTEXT_KEY },
    close: async () => {
      await Promise.all(copies.map(({ stop }) => stop()));
      await harness.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export interface Answered {
  status: number;
  body: { [name: string]: unknown };
}

/** A call of the office's employee at this copy. */
export async function call(
  url: string,
  office: Office,
  { callId, capability, parameters }: { callId: string; capability: string; parameters: object },
): Promise<Answered> {
  const answer = await fetch(`${url}/proxy/slack/${capability}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${office.agentToken}`,
      'clancy-run-ticket': office.ticket,
      'idempotency-key': callId,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ connection_id: office.connectionId, parameters }),
  });
  return { status: answer.status, body: (await answer.json()) as Answered['body'] };
}
