import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCore } from '../api/testing/agent-core.ts';
import { call } from '../api/testing/call.ts';
import { startTestTemporal, type TestTemporal } from '../api/testing/temporal.ts';
import { until } from '../api/testing/until.ts';

/** On a busy machine. */
const START_MS = 50_000;
const root = fileURLToPath(new URL('..', import.meta.url));
let temporal: TestTemporal;
let core: TestCore;
const started: ChildProcess[] = [];

beforeAll(async () => {
  temporal = await startTestTemporal();
  core = await startTestCore({ temporalAddress: temporal.server.address });
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await core?.stop();
  await temporal?.stop();
});

function startApi(env: Record<string, string>) {
  const all = {
    ...core.env,
    HOST: '127.0.0.1',
    PORT: '0',
    TEMPORAL_ADDRESS: temporal.server.address,
    TEMPORAL_NAMESPACE: 'default',
    ...env,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/api.ts'], { cwd: root, env: all });
  started.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
  return { child, said, ended: once(child, 'close').then(([code]) => code as number) };
}
/** What the libraries of the process warn of is not what it says itself. */
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !/warning|AWS|node >=|updates|versions published|More information|\(Use `node/i.test(line));

test('it listens, says where, serves its description, and stops in order on SIGTERM', async () => {
  const { child, said, ended } = startApi({});
  const isListening = async () => linesOf(said.out).find((text) => text.includes('"msg":"listening"'));
  const line = await until('the line that says where it listens', isListening, START_MS);
  const { msg, url } = JSON.parse(line) as { msg: string; url: string };
  expect(msg).toBe('listening');
  const description = await call(url, undefined, '/openapi.json');
  expect(description.json.openapi).toBe('3.1.0');
  expect(Object.keys(description.json.paths)).toContain('/v1/runs/{run_id}/events');
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test.each([
  ['Temporal', () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }), /^Temporal does not answer at 127\.0\.0\.1:1 .*TEMPORAL_ADDRESS/],
  [
    'PostgreSQL',
    () => ({ DATABASE_URL: 'postgres://core_runtime:s3cret@127.0.0.1:1/none' }),
    /^PostgreSQL does not answer at 127\.0\.0\.1:1\/none .*npm run migrate/,
  ],
])('without %s it ends with one message that says what was tried and what to do', async (_what, env, message) => {
  const { said, ended } = startApi(env());
  expect(await ended).toBe(1);
  expect(linesOf(said.err)).toEqual([expect.stringMatching(message)]);
  expect(said.err).not.toContain('s3cret');
});

test('a bad configuration is named, without its values, and development parts are refused in production', async () => {
  const { said, ended } = startApi({ CLANCY_MODE: 'production', SIGNING_KEY: 'not-a-key-s3cret' });
  expect(await ended).toBe(1);
  for (const name of ['SIGNING_KEY', 'COGNITO_JWKS_URL', 'COGNITO_ADMIN_ENDPOINT', 'CLERK_ISSUER', 'COGNITO_TOKEN_URL']) {
    expect(said.err).toContain(name);
  }
  expect(said.err).not.toContain('s3cret');
});
