import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { writeHistory } from './histories.ts';
import { record, runsToRecord } from './recorded-runs.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
});
afterAll(() => engine?.close());

test.each(runsToRecord())('records the histories of the run $name', async (run) => {
  const workflows = await record(engine, run);
  expect(workflows.map(({ status }) => status)).not.toContain('RUNNING');
  for (const { workflowId, temporalRunId } of workflows) {
    const history = await engine.client.workflow.getHandle(workflowId, temporalRunId).fetchHistory();
    const part = workflowId.split(':skill:')[1];
    const own = workflowId.startsWith('schedule:') ? 'schedule' : 'run';
    const name = `${run.name}.${part === undefined ? own : `skill_${part.replace('~', '_')}`}`;
    await writeHistory({ name, workflowId, temporalRunId, history });
  }
});
