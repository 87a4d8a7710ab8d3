import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeScript } from '../../dev/processes/node-script.ts';
import { silent } from '../../dev/progress.ts';
import { listeningUrl, startService } from '../../dev/stack/child-service.ts';
import { startSurroundings, type Surroundings } from './surroundings.ts';

let surroundings: Surroundings;
let dir: string;
beforeAll(async () => {
  surroundings = await startSurroundings();
  dir = await mkdtemp(join(tmpdir(), 'clancy-hub-process-'));
});
afterAll(async () => {
  await surroundings.close();
  await rm(dir, { recursive: true, force: true });
});

/** Runs the process to its end: exit code and what it said. */
function run(env: { [variable: string]: string }): Promise<{ code: number; said: string }> {
  const { command, args } = nodeScript(new URL('../../bin/connecthub.ts', import.meta.url));
  return new Promise((resolve) => {
    execFile(command, [...args], { env: { PATH: process.execPath, ...env }, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr });
    });
  });
}

describe('the process', () => {
  it('says where it listens, serves, and ends with 0 when asked to', async () => {
    const child = await startService({ name: 'connecthub', env: { ...surroundings.env, PORT: '0' }, dir, log: silent });
    const url = listeningUrl(await readFile(child.logFile, 'utf8')) ?? '';
    const ready = await fetch(`${url}/ready`);
    expect(await ready.json()).toEqual({ status: 'ready', key_service: 'ok' });
    expect(await child.stop()).toMatchObject({ code: 0 });
  });

  it('row 22: names every development part that production refuses, and starts nothing', async () => {
    const { CLANCY_MODE: _mode, ...env } = surroundings.env;
    const { code, said } = await run(env);
    expect(code).toBe(1);
    for (const name of ['COGNITO_JWKS_URL', 'COGNITO_TOKEN_URL', 'CLERK_ISSUER', 'SLACK_BASE_URL', 'ALLOW_LOOPBACK'])
      expect(said).toContain(name);
    expect(said).not.toContain(surroundings.env['SLACK_CLIENT_SECRET']);
  });

  it('says what is missing when its database is away', async () => {
    const { code, said } = await run({ ...surroundings.env, DATABASE_URL: 'postgres://hub_runtime:secret@127.0.0.1:1/clancy' });
    expect(code).toBe(1);
    expect(said).toMatch(/^PostgreSQL does not answer at 127\.0\.0\.1:1\/clancy \(DATABASE_URL\)\./);
    expect(said).not.toContain('secret');
  });
});
