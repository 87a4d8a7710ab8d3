import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker, bundleWorkflowCode, makeTelemetryFilterString } from '@temporalio/worker';
import type { ReplayWorkerOptions, WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleWorkflows, WORKFLOW_INTERCEPTORS } from '../activities/agent-worker/bundle-workflows.ts';
import { dataConverterFor } from '../platform/payloads/data-converter.ts';
import { createPayloadCodec } from '../platform/payloads/payload-codec.ts';
import { derivePayloadKey } from '../platform/payloads/payload-key.ts';
import { traceSinks } from '../platform/telemetry/workflow-sink.ts';
import { readHistories } from '../test/engine/histories.ts';
import type { RecordedHistory } from '../test/engine/histories.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const logger = new DefaultLogger('ERROR');
const sinks = traceSinks(() => undefined);
let folder: string;
let histories: RecordedHistory[];

beforeAll(async () => {
  Runtime.install({
    logger,
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  folder = await mkdtemp(join(tmpdir(), 'clancy-replay-'));
  histories = await readHistories();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The workflows as they are, or with one text of one file replaced. */
async function bundle(change?: { file: string; from: string; to: string }): Promise<WorkflowBundle> {
  const workflowInterceptorModules = WORKFLOW_INTERCEPTORS;
  if (!change) return bundleWorkflowCode({ workflowsPath: join(ROOT, 'workflows/index.ts'), workflowInterceptorModules, logger });
  const copy = await mkdtemp(join(folder, 'changed-'));
  for (const part of ['workflows', 'contracts']) await cp(join(ROOT, part), join(copy, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, 'workflows', change.file);
  const source = await readFile(file, 'utf8');
  expect(source.split(change.from)).toHaveLength(2);
  await writeFile(file, source.replace(change.from, change.to));
  return bundleWorkflowCode({ workflowsPath: join(copy, 'workflows/index.ts'), logger });
}

/** The names of the histories that do not replay, with what was wrong. */
async function failuresOf(
  workflowBundle: ReplayWorkerOptions['workflowBundle'],
  recorded: RecordedHistory[],
  options: Pick<ReplayWorkerOptions, 'dataConverter'> = {},
): Promise<{ [name: string]: unknown }> {
  const failures: { [name: string]: unknown } = {};
  const replays = Worker.runReplayHistories({ ...(workflowBundle && { workflowBundle }), sinks, ...options }, recorded);
  for await (const { workflowId, error } of replays) {
    if (error) failures[recorded.find((one) => one.workflowId === workflowId)?.name ?? workflowId] = error;
  }
  return failures;
}

describe('recorded histories', () => {
  test('of all workflows are there, of runs that completed, failed and were cancelled', () => {
    expect(histories.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'everything.run',
        'everything.skill_digest',
        'refused.run',
        'refused.skill_bad',
        'cancelled.run',
        'cancelled.skill_slow',
        'scheduled.schedule',
        'scheduled.run',
      ]),
    );
  });

  test('replay with the workflows as they are', async () => {
    expect(await failuresOf(await bundle(), histories)).toEqual({});
  });

  test('which are not encrypted, replay with encryption turned on', async () => {
    const key = derivePayloadKey('org_a', { kid: 'k1', key: randomBytes(32) });
    const codec = createPayloadCodec({ keys: { inUse: async () => key, named: async () => key }, encrypts: true });
    const none = () => Promise.reject(new Error('these histories hold no references'));
    const dataConverter = dataConverterFor(codec, { encrypts: true, blobs: { put: none, get: none } });
    expect(await failuresOf(await bundleWorkflows({ dir: folder }), histories, { dataConverter })).toEqual({});
  });

  test.each([
    {
      what: 'employeeRun says its end later',
      name: 'everything.run',
      change: { file: 'employee-run.ts', from: '  showStatus(outcome.status);\n', to: '' },
    },
    {
      what: 'employeeRun starts its skills the other way round',
      name: 'refused.run',
      change: { file: 'walk-graph.ts', from: 'of nodes.entries())', to: 'of nodes.toReversed().entries())' },
    },
    {
      what: 'skillRun shows its state before its first burst',
      name: 'everything.skill_digest',
      change: {
        file: 'skill-run.ts',
        from: '    const result = await runSkill(skill);',
        to: "    showStatus('running');\n    const result = await runSkill(skill);",
      },
    },
    {
      what: 'skillRun shows what it waits for before the timer is set',
      name: 'everything.skill_digest',
      change: { file: 'waiting.ts', from: '    await Promise.resolve();\n', to: '' },
    },
    {
      what: 'scheduledRun makes up its run without asking Agent-Core',
      name: 'scheduled.schedule',
      change: {
        file: 'scheduled-run.ts',
        from: "    return await askAgentCore(createWaiting(), 'prepareScheduledRun', input, 'prepare the run');",
        to: "    return { kind: 'refused', code: 'conflict', message: input.schedule_id };",
      },
    },
    {
      what: 'employeeRun does not look whether the plan is its own',
      name: 'cancelled.run',
      change: {
        file: 'decide-ways.ts',
        from: '    await own.assert();\n',
        to: '',
      },
    },
    {
      what: 'a call waits for its receipt without asking again',
      name: 'everything.run',
      change: { file: 'decisions.ts', from: ", atMostMs, { summary: 'ask again' })", to: ').then(() => true)' },
    },
  ])('do not replay when $what', async ({ name, change }) => {
    const one = histories.filter((recorded) => recorded.name === name);
    expect((await failuresOf(await bundle(change), one))[name]).toBeInstanceOf(DeterminismViolationError);
  });
});
