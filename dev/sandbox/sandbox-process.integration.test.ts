import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSandboxClient } from './client.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function run(env: Record<string, string>) {
  return spawn(process.execPath, ['--import', 'tsx', 'bin/sandbox.ts'], { cwd: root, env });
}

const ENV = { CLANCY_MODE: 'development', PORT: '0', SLACK_CLIENT_ID: 'id', SLACK_CLIENT_SECRET: 'very-secret' };

describe('the sandbox process', () => {
  it('prints its address as one JSON line, serves, and ends on SIGTERM', async () => {
    const child = run(ENV);
    const lines = createInterface({ input: child.stdout });
    const [line] = await once(lines, 'line');
    const { msg, url } = JSON.parse(String(line));
    expect(msg).toBe('listening');
    expect((await createSandboxClient(url).createTeam('TPROC')).team).toBe('TPROC');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each([
    ['production', { ...ENV, CLANCY_MODE: 'production' }, 'CLANCY_MODE'],
    ['an unset mode', { PORT: '0', SLACK_CLIENT_ID: 'id', SLACK_CLIENT_SECRET: 'very-secret' }, 'CLANCY_MODE'],
    ['half a client', { CLANCY_MODE: 'development', PORT: '0', SLACK_CLIENT_ID: 'id' }, 'SLACK_CLIENT_SECRET'],
    ['a bad port', { ...ENV, PORT: 'x' }, 'PORT'],
  ])('refuses %s by the name of the variable, without values', async (_name, env: Record<string, string>, variable) => {
    const child = run(env);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(errors).toContain(variable);
    expect(errors).not.toContain('very-secret');
  });
});
