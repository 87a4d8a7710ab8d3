import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMPLOYEE_ID } from '../testing/fixtures.ts';
import { runHere, signedInAt } from '../testing/run-command.ts';
import { MEMORY_ID } from '../testing/stub-memory.ts';
import { startStub, type Stub } from '../testing/stub-service.ts';

let stub: Stub;
beforeEach(async () => {
  stub = await startStub();
});
afterEach(() => stub.close());

const clancy = (...argv: string[]) => runHere(argv, { env: signedInAt(stub.url), cwd: process.cwd() });

test('what is remembered is listed, shown and printed for programs', async () => {
  expect((await clancy('memory', 'list', '--search', 'acme')).stdout).toMatch(/customer\.acme\.payment_terms +30 days +0\.70/);
  expect((await clancy('memory', 'show', MEMORY_ID)).stdout).toMatch(/Last used +never\n/);
  const { stdout } = await clancy('memory', 'list', '--json');
  expect(JSON.parse(stdout).items[0]).toMatchObject({ memory_id: MEMORY_ID, value: '30 days' });
});

test('something is added, of everybody or of an employee and its skill, as a text or as JSON', async () => {
  const skill = ['--employee', EMPLOYEE_ID, '--skill', 'chase', '--kind', 'preference', '--expires-in', '30'];
  expect((await clancy('memory', 'add', 'report.length', '{"words": 200}', ...skill)).stdout).toBe(
    `Remembered as ${MEMORY_ID}.\n`,
  );
  expect(await clancy('memory', 'add', 'customer.acme.payment_terms', 'x')).toMatchObject({ exitCode: 1 });
  expect(await clancy('memory', 'add', 'a', 'b', '--skill', 'chase')).toMatchObject({
    exitCode: 2,
    stderr: '--skill belongs to --employee.\n',
  });
});

test('something is corrected as long as it is what was seen, and forgotten', async () => {
  const corrected = await clancy('memory', 'correct', MEMORY_ID, '--value', '45 days', '--version', '1');
  expect(corrected.stdout).toMatch(/Value +45 days\n/);
  expect(await clancy('memory', 'correct', MEMORY_ID, '--value', 'x', '--version', '1')).toMatchObject({
    exitCode: 2,
    stderr: 'It is at version 2 by now.\n',
  });
  expect(await clancy('memory', 'correct', MEMORY_ID)).toMatchObject({ exitCode: 2 });
  expect((await clancy('memory', 'forget', MEMORY_ID)).stdout).toBe(`Forgotten: ${MEMORY_ID}.\n`);
  expect((await clancy('memory', 'list')).stdout).toBe('Nothing is remembered.\n');
  expect(await clancy('memory', 'show', MEMORY_ID)).toMatchObject({ exitCode: 1 });
});
