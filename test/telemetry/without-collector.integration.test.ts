import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { afterEach, describe, expect, it } from 'vitest';
import { TRACE_HEADER } from '../../contracts/trace.ts';
import { hireWith } from '../stack/hire.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { twoSkillEmployee } from '../stack/two-skill-employee.ts';

let stack: TestStack | undefined;
let silent: Server | undefined;
afterEach(async () => {
  await stack?.close();
  silent?.close();
});

/** Runs an employee to its end; gives the run with its trace, and what Temporal holds of that in the open. */
async function run(world: TestStack) {
  const org = world.newOrg();
  await org.connectSlack();
  const client = org.as('admin');
  const employee = await hireWith(client, world.stack.databases.owner, (id) => twoSkillEmployee(id, '=trigger.payload.tag'));
  const { run_id } = await client.runs.start(employee, { tag: 'x' });
  const ended = await client.runs.end(run_id);
  return { ended, headers: await tracesAtTemporal(world, [run_id, `${run_id}:skill:announce`]) };
}

/** The trace context with which these workflows were started, as it stands in their histories. */
async function tracesAtTemporal({ stack: { temporal } }: TestStack, workflowIds: string[]): Promise<string[]> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const { workflow } = new Client({ connection, namespace: temporal.namespace });
    return await Promise.all(
      workflowIds.map(async (id) => {
        const { events } = await workflow.getHandle(id).fetchHistory();
        const { header } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
        return Buffer.from(header?.fields?.[TRACE_HEADER]?.data ?? []).toString();
      }),
    );
  } finally {
    await connection.close();
  }
}

describe('a collector that takes connections and never answers', () => {
  it('holds up neither runs nor the end of a process, and encrypted runs hand on their trace', async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` };
    stack = await startTestStack({ encrypted: true, extra: { api: tracing, connecthub: tracing, worker: tracing } });
    const { ended, headers } = await run(stack);
    expect(ended).toMatchObject({ status: 'completed', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    for (const header of headers) expect(header).toContain(`00-${ended.trace_id}-`);
    for (const process of Object.values(stack.stack.processes)) expect(await process.stop()).toMatchObject({ code: 0 });
  }, 300_000);
});

describe('without a collector', () => {
  it('a run has its trace all the same, and nobody speaks of traces that were lost', async () => {
    const unset = { OTEL_EXPORTER_OTLP_ENDPOINT: '' };
    stack = await startTestStack({ extra: { api: unset, connecthub: unset, worker: unset } });
    const { ended, headers } = await run(stack);
    expect(ended).toMatchObject({ status: 'completed', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    for (const header of headers) expect(header).toMatch(new RegExp(`00-${ended.trace_id}-[0-9a-f]{16}-00`));
    for (const { logFile } of Object.values(stack.stack.processes)) {
      expect(await readFile(logFile, 'utf8')).not.toContain('could not be exported');
    }
  }, 300_000);
});
