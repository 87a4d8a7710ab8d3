import { afterEach, beforeEach, expect, test } from 'vitest';
import { RUN_ID } from '../testing/fixtures.ts';
import { runHere, signedInAt } from '../testing/run-command.ts';
import { SUGGESTION_ID } from '../testing/stub-facts.ts';
import { startStub, type Stub } from '../testing/stub-service.ts';

let stub: Stub;
beforeEach(async () => {
  stub = await startStub();
});
afterEach(() => stub.close());

const clancy = (...argv: string[]) => runHere(argv, { env: signedInAt(stub.url), cwd: process.cwd() });
const lines = () => stub.state.requests.map(({ line }) => line);

test('facts are listed as lines, and nothing of them reaches the terminal as a command', async () => {
  const { stdout, exitCode } = await clancy('facts', 'list', '--kind', 'RunFailed', '--run', RUN_ID);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`^#1  .*RunFailed  ${RUN_ID}`));
  expect(stdout).not.toContain('\u001b');
  expect(lines().at(-1)).toBe(`GET /v1/facts?kind=RunFailed&run_id=${encodeURIComponent(RUN_ID)}&order=desc`);
  await clancy('facts', 'list', '--after', '1');
  expect(lines().at(-1)).toBe('GET /v1/facts?after=1&order=asc');
});

test('facts are followed over connections that end, each once, until the service refuses', async () => {
  const { stdout, exitCode } = await clancy('facts', 'follow', '--kind', 'RunFailed', '--json');
  expect(exitCode).toBe(1);
  const seqs = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { seq: number }).seq);
  expect(seqs).toEqual([1, 2, 3]);
  expect(new Set(lines())).toEqual(new Set(['GET /v1/facts/events?kind=RunFailed']));
});

test('the audit of either service is listed', async () => {
  const { stdout } = await clancy('audit', 'list', '--refused', '--action', 'employee.*', '--actor', 'user_ada');
  expect(stdout).toMatch(/person user_ada +employee\.activate .* NO +192\.0\.2\.1/);
  expect(lines().at(-1)).toBe('GET /v1/audit?action=employee.*&actor_id=user_ada&allowed=false');
  await clancy('audit', 'list', '--service', 'connecthub');
  expect(lines().at(-1)).toBe('GET /audit');
});

test.each(['agent-core', 'connecthub'])('the chain of %s is computed anew, and a change is found', async (service) => {
  const whole = await clancy('audit', 'verify', '--service', service, '--json');
  const report = JSON.parse(whole.stdout) as { head: string };
  expect(whole.exitCode).toBe(0);
  expect(report).toMatchObject({ seals: 2, entries: 3, broken: null });
  expect((await clancy('audit', 'verify', '--service', service, '--kept', report.head)).exitCode).toBe(0);
  const anew = await clancy('audit', 'verify', '--service', service, '--kept', '0'.repeat(64));
  expect(anew).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('it was made anew') });
  stub.state.tampered = '00000000-0000-4000-8000-000000000003';
  const changed = await clancy('audit', 'verify', '--service', service);
  expect(changed).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('block 2: an entry, or the seal, was changed') });
});

test('insights show figures and suggestions with their evidence, and how one is dismissed', async () => {
  const { stdout, exitCode } = await clancy('insights', 'show', '--days', '7');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Ada +10 +60 % +30 +100 % +120 min +40 +4/);
  expect(stdout).toContain('approved 30 of 30 times, as asked: allow it?');
  expect(stdout).toContain(`seen 30 of 30, such as ${RUN_ID}`);
  expect(stdout).toContain(`clancy insights dismiss ${SUGGESTION_ID}`);
  expect(lines().at(-1)).toBe('GET /v1/insights?days=7');
  expect((await clancy('insights', 'dismiss', SUGGESTION_ID)).stdout).toMatch(/^Dismissed\./);
});

test.each([
  [['audit', 'list', '--service', 'x'], '--service: agent-core or connecthub'],
  [['insights', 'show', '--days', '0'], '--days: 1 to 90'],
  [['facts', 'list', '--after', '-1'], '--after: 0 or higher'],
])('%j is not understood', async (argv, message) => {
  expect(await clancy(...argv)).toMatchObject({ exitCode: 2, stderr: `${message}\n` });
});
