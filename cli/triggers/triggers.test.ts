import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMPLOYEE_ID, RUN_ID } from '../testing/fixtures.ts';
import { runHere, signedInAt } from '../testing/run-command.ts';
import { startStub, type Stub } from '../testing/stub-service.ts';
import { TRIGGER_ID } from '../testing/stub-triggers.ts';

let stub: Stub;
beforeEach(async () => {
  stub = await startStub();
});
afterEach(() => stub.close());

const clancy = (...argv: string[]) => runHere(['triggers', ...argv], { env: signedInAt(stub.url), cwd: process.cwd() });

test('what is sent says what became of it and where to look', async () => {
  const { stdout, exitCode } = await clancy('send', 'Post the digest');
  expect(exitCode).toBe(0);
  expect(stdout).toContain(RUN_ID);
  expect(stdout).toContain(`clancy triggers show ${TRIGGER_ID}`);
});

test('a trigger is shown with its decision and who was considered, and nothing of it reaches the terminal as a command', async () => {
  const { stdout } = await clancy('show', TRIGGER_ID);
  expect(stdout).toMatch(/Reason +Ann \(0\.71\), Bob/);
  expect(stdout).toMatch(/Ann +0\.71 +no/);
  expect(stdout).not.toContain('\u001b');
  expect((await clancy('list', '--decision', 'asked')).stdout).toContain(TRIGGER_ID);
});

test('a person decides', async () => {
  expect((await clancy('decide', TRIGGER_ID, EMPLOYEE_ID)).stdout).toMatch(/Decision +started/);
  expect((await clancy('decide', TRIGGER_ID, '--dismiss')).stdout).toMatch(/Decision +dismissed/);
});

test.each([
  [['send'], 'Say what is to be done, or use --type or --employee.'],
  [['send', 'x', '--skill', 'a'], '--skill belongs to --employee.'],
  [['send', 'x', '--payload', '{'], '--payload: expected JSON'],
  [['decide', TRIGGER_ID], 'Name an employee or use --dismiss, one of them.'],
  [['decide', TRIGGER_ID, EMPLOYEE_ID, '--dismiss'], 'Name an employee or use --dismiss, one of them.'],
])('%j is not understood', async (argv, message) => {
  expect(await clancy(...argv)).toMatchObject({ exitCode: 2, stderr: `${message}\n` });
});
