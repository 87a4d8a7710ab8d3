import { readFile } from 'node:fs/promises';
import { parseSigningKey } from '../../platform/auth/signing-key.ts';
import { signRunTicket } from '../../platform/auth/run-ticket.ts';
import type { Place, Secret } from '../leaks/search.ts';
import type { TestStack } from '../stack/test-stack.ts';

/** All that Temporal's database holds, in the file itself or in what is still to be written to it. */
export async function temporalDatabase({ stack }: TestStack): Promise<Place> {
  const { dbFile } = stack.temporal;
  const files = [dbFile!, `${dbFile}-wal`].map((path) => readFile(path).catch(() => Buffer.alloc(0)));
  return { name: "Temporal's database", bytes: Buffer.concat(await Promise.all(files)) };
}

/** What every run ticket of this stack begins with: its header. */
export async function ticketsOf({ stack }: TestStack): Promise<Secret> {
  const runId = 'emp:0123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z';
  const ticket = await signRunTicket(parseSigningKey(stack.keys.signingKey), {
    orgId: 'org_a',
    employeeId: '0123456789abcdefghjkmnpqrs',
    employeeVersion: 1,
    runId,
    callScope: runId,
    planHash: 'hash',
    capabilities: [],
    initiator: { type: 'person', id: 'user_a' },
    mode: 'live',
  });
  return { name: 'a run ticket', value: `${ticket.split('.', 1)[0]}.` };
}
