import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ConnectionToken } from '../tokens/connection-token.ts';
import { fromError, toError } from './messages.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import { ClancyError } from '../../contracts/errors.ts';

/** Answers by what the organisation is called, and ends when nobody listens any more. */
const PROGRAM = `
process.on('message', ({ id, orgId }) => {
  if (orgId === 'dies') process.exit(3);
  if (orgId === 'away') return process.send({ id, error: { message: 'away', code: 'dependency_unavailable', retryAfterMs: 2000 } });
  process.send({ committed: [{ action: 'connection.refresh' }], orgId });
  process.send({ id, outcome: 'refreshed' });
});
process.once('disconnect', () => process.exit(0));
`;

let dir: string;
let refresher: Refresher;
const committed = vi.fn();
const warned = vi.fn();
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clancy-refresher-'));
  const script = join(dir, 'program.mjs');
  await writeFile(script, PROGRAM);
  refresher = createRefresher({
    script: pathToFileURL(script),
    owner: 'connecthub-1',
    logger: { warn: warned },
    onCommitted: committed,
  });
});
afterAll(async () => {
  await refresher.close();
  await rm(dir, { recursive: true });
});

const row = { connectionId: 'conn_1' } as ConnectionToken;

it('tells how a refresh ended, after what was committed', async () => {
  const told = refresher.refresh('org', row).then((outcome) => [outcome, committed.mock.calls]);
  expect(await told).toEqual(['refreshed', [[[{ action: 'connection.refresh' }], 'org']]]);
});

it('keeps the code of what can be tried again', async () => {
  await expect(refresher.refresh('away', row)).rejects.toMatchObject({
    code: 'dependency_unavailable',
    details: { retryAfterMs: 2_000 },
  });
  expect(fromError(toError(new ClancyError('connection_missing', 'gone')))).toMatchObject({ code: 'connection_missing' });
  expect(fromError(toError(new TypeError('a defect')))).not.toBeInstanceOf(ClancyError);
});

it('answers whoever waits for one that ended, says so, and starts another', async () => {
  await expect(refresher.refresh('dies', row)).rejects.toMatchObject({ code: 'provider_unavailable' });
  expect(warned).toHaveBeenCalledWith({ reason: 'exit code 3' }, 'the refresher ended at work');
  expect(await refresher.refresh('org', row)).toBe('refreshed');
});
