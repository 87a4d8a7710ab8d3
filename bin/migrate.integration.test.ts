import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../test/database.ts';

const script = fileURLToPath(new URL('migrate.ts', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

async function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { cwd: root, env });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { stdout, stderr, code };
}

describe('npm run migrate', { timeout: 60_000 }, () => {
  it('explains itself', async () => {
    const { stdout, code } = await run(['--help']);
    expect(stdout).toMatch(/DATABASE_URL[^]*ORG_CONTEXT_KEY[^]*Exit codes/);
    expect(code).toBe(0);
  });

  it('names every missing variable at once and shows no value', async () => {
    const { stderr, code } = await run([], { CORE_DB_PASSWORD: 'short-one' });
    expect(stderr).toMatch(/DATABASE_URL[^]*CORE_DB_PASSWORD[^]*HUB_DB_PASSWORD[^]*ORG_CONTEXT_KEY/);
    expect(stderr).not.toContain('short-one');
    expect(code).toBe(2);
  });

  it('refuses an argument it does not know', async () => {
    expect(await run(['--force'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
  });

  it('says in one line that there is no server', async () => {
    const env = { ...secrets(Buffer.alloc(32)), DATABASE_URL: 'postgres://ann:hunter2@127.0.0.1:1/none' };
    const { stderr, code } = await run([], env);
    expect(stderr).toMatch(/^The migration stopped: no connection to 127\.0\.0\.1:1 as ann: .+\n$/);
    expect(code).toBe(1);
  });

  it('brings a database up to date', async () => {
    const database = await testDatabase();
    const password = (url: string) => new URL(url).password;
    const env = {
      DATABASE_URL: database.ownerUrl,
      CORE_DB_PASSWORD: password(database.coreUrl),
      HUB_DB_PASSWORD: password(database.hubUrl),
      ORG_CONTEXT_KEY: database.orgContextKey.toString('base64'),
    };
    expect(await run([], env)).toMatchObject({ code: 0, stdout: 'The database is up to date.\n', stderr: '' });
    await database.drop();
  });
});

function secrets(key: Buffer) {
  return {
    CORE_DB_PASSWORD: 'core-password-1',
    HUB_DB_PASSWORD: 'hub-password-22',
    ORG_CONTEXT_KEY: key.toString('base64'),
  };
}
