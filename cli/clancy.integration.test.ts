import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { CONNECTION_ID, EMPLOYEE_ID, event, RUN_ID } from './testing/fixtures.ts';
import { runProcess, signedInAt, type RunOptions } from './testing/run-command.ts';
import { startStub, type Stub } from './testing/stub-service.ts';

let stub: Stub;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-cli-'));
  await mkdir(join(folder, '.clancy'));
});
afterAll(async () => rm(folder, { recursive: true }));
beforeEach(async () => {
  stub = await startStub();
});
afterEach(async () => {
  await stub.close();
});

const path = dirname(process.execPath);
const clancy = (argv: string[], options: RunOptions = {}) =>
  runProcess(argv, { env: signedInAt(stub.url), cwd: folder, path, ...options });

it('is documented: purpose, verbs, signing in and every exit code', async () => {
  const { exitCode, stdout } = await clancy(['--help']);
  expect(exitCode).toBe(0);
  for (const word of ['employees', 'runs', 'approvals', 'connections', 'receipts', 'grants', 'CLANCY_TOKEN'])
    expect(stdout).toContain(word);
  expect(stdout.match(/^ {2}[0-5] {2}\S/gm)).toHaveLength(6);
});

it('hires from standard input and answers programs with one JSON document', async () => {
  const { exitCode, stdout, stderr } = await clancy(['employees', 'create', '--file', '-', '--json'], {
    stdin: 'Write digests.',
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ employee_id: EMPLOYEE_ID, explanation: { not_understood: [{}] } });
});

it('survives a broken stream and reports the end of the run: exit code 0', async () => {
  stub.state.breaks.push(2);
  const { exitCode, stdout, stderr } = await clancy(['runs', 'watch', RUN_ID]);
  expect(exitCode).toBe(0);
  expect(stdout.match(/^18:00:00\.000 {2}\S+/gm)?.map((line) => line.slice(14))).toEqual([
    'run.started',
    'call.requested',
    'call.succeeded',
    'run.completed',
  ]);
  expect(stderr).toContain('Going on where it stopped.');
  expect(stub.state.requests.map(({ headers }) => headers['last-event-id'])).toContain('2');
});

it('exits with 1 for a refusal, its problem on stderr and nothing on stdout', async () => {
  const { exitCode, stdout, stderr } = await clancy(['runs', 'start', EMPLOYEE_ID, '--json']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({ code: 'employee_not_active', status: 409 });
});

it('exits with 2 for a command that it does not understand', async () => {
  expect((await clancy(['runs', 'list', '--limit', 'many'])).exitCode).toBe(2);
});

it('exits with 3 without a token, and with one that is not accepted', async () => {
  const nobody = await clancy(['runs', 'list'], {
    env: { apiUrl: undefined, connecthubUrl: undefined, token: undefined },
    cwd: tmpdir(),
  });
  expect(nobody).toMatchObject({ exitCode: 3, stdout: '' });
  expect(nobody.stderr).toContain('npm run dev');
  const expired = await clancy(['runs', 'list'], { env: signedInAt(stub.url, 'old.token') });
  expect(expired.exitCode).toBe(3);
  expect(expired.stderr).toContain('(unauthenticated)');
});

it('exits with 4 when nobody answers, and names the key for repeating a POST', async () => {
  const gone = await startStub();
  await gone.close();
  const { exitCode, stderr } = await clancy(['runs', 'start', EMPLOYEE_ID], { env: signedInAt(gone.url) });
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/--idempotency-key [0-9a-f-]{36} .*\n.*cannot be reached \(ECONNREFUSED\)\.\n$/);
});

it('exits with 5 when the watched run fails', async () => {
  stub.state.events = [event(1, 'run.failed')];
  expect((await clancy(['runs', 'watch', RUN_ID])).exitCode).toBe(5);
});

it('signs in to the development stack of its folder and walks a consent there', async () => {
  await leaveState();
  const nobody = { apiUrl: undefined, connecthubUrl: undefined, token: undefined };
  const { exitCode, stdout } = await clancy(['connections', 'connect', 'slack', '--follow', '--json'], { env: nobody });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ connection_id: CONNECTION_ID, account_name: 'Acme' });
  expect(stub.state.connections).toHaveLength(1);
});

it('does not walk a consent that leads out of the development stack', async () => {
  const elsewhere = await startStub();
  stub.state.consentOrigin = elsewhere.url;
  await leaveState();
  const nobody = { apiUrl: undefined, connecthubUrl: undefined, token: undefined };
  const { exitCode, stderr } = await clancy(['connections', 'connect', 'slack', '--follow'], { env: nobody });
  expect(exitCode).toBe(4);
  expect(stderr).toContain('is no part of the development stack');
  expect(elsewhere.state.requests).toEqual([]);
  await elsewhere.close();
});

async function leaveState(): Promise<void> {
  const { url } = stub;
  const person = { user_id: 'user_ada', org_id: 'org_acme', role: 'owner' };
  const state = { api_url: url, connecthub_url: url, issuers_url: url, sandbox_url: url, temporal_ui_url: url, person };
  await writeFile(join(folder, '.clancy', 'dev.json'), JSON.stringify(state));
}
