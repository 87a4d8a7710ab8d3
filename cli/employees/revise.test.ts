import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policySchema } from '../../contracts/policy.ts';
import { definition, EMPLOYEE_ID } from '../testing/fixtures.ts';
import { runHere, signedInAt } from '../testing/run-command.ts';
import { startStub, type Stub } from '../testing/stub-service.ts';

let stub: Stub;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-revise-'));
  stub = await startStub();
});
afterEach(async () => {
  await stub.close();
  await rm(folder, { recursive: true });
});

const clancy = (...argv: string[]) =>
  runHere(['employees', ...argv], { env: signedInAt(stub.url), cwd: folder, stdin: 'React with :eyes:.' });
const revise = (...argv: string[]) => clancy('revise', EMPLOYEE_ID, ...argv);

describe('an employee is revised', () => {
  it('with the policy that was printed, edited and given back', async () => {
    const { stdout } = await clancy('policy', EMPLOYEE_ID, '--json');
    const printed = JSON.parse(stdout) as { base_version: number; policy: object[] };
    expect(printed).toEqual({ base_version: 1, policy: definition.policy });
    const policy = printed.policy.map((rule) => ({
      ...rule,
      approvers: ['user_katrin'],
      timeout_seconds: 86_400,
      on_timeout: 'fail',
    }));
    await writeFile(join(folder, 'policy.json'), JSON.stringify({ ...printed, policy }));
    const revised = await revise('--policy', 'policy.json');
    expect(revised).toMatchObject({ exitCode: 0, stderr: '' });
    expect(revised.stdout).toMatch(/^Employee +4f3k9wz0h1c7m2v8x5tq6n0rda\nVersion +2\n/);
    expect(revised.stdout).toContain('asks before slack/slack.post (user_katrin), 24 h of silence fails the run\n');
    expect(revised.stdout).toContain(`Next: clancy employees activate ${EMPLOYEE_ID} --version 2`);
    expect(stub.state.revisions).toEqual([{ base_version: 1, policy }]);
  });

  it('with rules alone, for the newest version', async () => {
    await writeFile(join(folder, 'rules.json'), JSON.stringify(definition.policy));
    const { stdout } = await revise('--policy', 'rules.json', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ version: 2 });
    expect(stub.state.revisions).toEqual([{ policy: policySchema.parse(definition.policy) }]);
  });

  it('with another job description, under the given key', async () => {
    expect(await revise('--file', '-', '--idempotency-key', 'k-1')).toMatchObject({ exitCode: 0 });
    expect(stub.state.revisions).toEqual([{ job_description: 'React with :eyes:.' }]);
    expect(stub.state.requests.at(-1)?.headers['idempotency-key']).toBe('k-1');
  });
});

it('the rules in force are shown to people too', async () => {
  const { stdout } = await clancy('policy', EMPLOYEE_ID);
  expect(stdout).toMatch(/^Version 1\n(.*\n)*1\. must not use slack\/slack\.dm\n/);
});

it.each([
  [[], '--file: give --file or --policy, one of the two'],
  [['--file', '-', '--policy', '-'], '--file: give --file or --policy, one of the two'],
  [['--policy', 'nothere.json'], 'nothere.json cannot be read.'],
  [['--policy', '-'], '- holds no policy: a list of rules, or { "base_version": 1, "policy": [...] }, as JSON.'],
])('is not revised with %j', async (argv, message) => {
  expect(await revise(...argv)).toMatchObject({ exitCode: 2, stderr: `${message}\n` });
  expect(stub.state.revisions).toEqual([]);
});
