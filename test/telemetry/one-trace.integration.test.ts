import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClancyClient, type ClancyClient } from '../../cli/client/clancy-client.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { hireWith } from '../stack/hire.ts';
import { startTestStack, type TestOrg, type TestStack } from '../stack/test-stack.ts';
import { twoSkillEmployee } from '../stack/two-skill-employee.ts';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts';
import { rootsOf, wayUp } from './trace-tree.ts';

const CANARY = `canary-${randomBytes(12).toString('hex')}`;
const HEADERS = 'x-collector-key=let%20me%20in';
/** A caller's own span, which nobody sends us. */
const CALLER = randomBytes(8).toString('hex');

let receiver: OtlpReceiver;
let stack: TestStack;
let org: TestOrg;
let employee: string;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: HEADERS, LOG_LEVEL: 'debug' };
  stack = await startTestStack({ extra: { api: tracing, connecthub: tracing, worker: tracing } });
  org = stack.newOrg();
  await org.connectSlack();
  employee = await hireWith(org.as('admin'), stack.stack.databases.owner, (id) => twoSkillEmployee(id, '=trigger.payload.tag'));
}, 240_000);
afterAll(async () => {
  await stack.close();
  await receiver.close();
});

/** A person's client that sends this with whatever it asks for; it looks at things without. */
function clientWith(headers: { [name: string]: string }): ClancyClient {
  const { api: apiUrl, connecthub: connecthubUrl } = stack.stack.urls;
  const send: typeof fetch = (url, init) =>
    fetch(url, { ...init, headers: { ...(init?.headers as object), ...(init?.method === 'POST' && headers) } });
  return createClancyClient({ apiUrl, connecthubUrl, token: () => org.token('admin'), fetch: send });
}

const newTrace = (): string => randomBytes(16).toString('hex');
const spansOf = (traceId: string): ReceivedSpan[] => receiver.spans().filter((span) => span.traceId === traceId);

/** The trace of a run that has ended, once each process has sent its part: the worker its trunk, Agent-Core its last activity. */
async function wholeTrace(traceId: string, trunk = 'workflow employeeRun'): Promise<ReceivedSpan[]> {
  const isWhole = (): ReceivedSpan[] | false => {
    const spans = spansOf(traceId);
    const ends = [trunk, 'recordRunResult'];
    return ends.every((end) => spans.some(({ name }) => name === end)) && rootsOf(spans).length === 1 && spans;
  };
  return waitUntil(isWhole, { timeoutMs: 30_000, what: 'the whole trace' });
}

async function runIn(traceId: string): Promise<string> {
  const client = clientWith({ traceparent: `00-${traceId}-${CALLER}-00` });
  const { run_id } = await client.runs.start(employee, { tag: CANARY });
  expect(await client.runs.end(run_id)).toMatchObject({ status: 'completed' });
  return run_id;
}

describe('a run that a traced caller asked for', () => {
  let traceId: string;
  let runId: string;
  let spans: ReceivedSpan[];

  beforeAll(async () => {
    traceId = newTrace();
    runId = await runIn(traceId);
    spans = await wholeTrace(traceId);
  }, 120_000);

  it('is one tree, from the request through workflow, burst, call and proxy to the provider', () => {
    const [root, ...others] = rootsOf(spans);
    expect(others).toEqual([]);
    expect(root).toMatchObject({ name: 'POST /v1/employees/:employee_id/runs', parentSpanId: CALLER, service: 'clancy-api' });
    const ways = spans.map((span) => wayUp(spans, span));
    const skill = ['workflow skillRun', 'workflow employeeRun', 'POST /v1/employees/:employee_id/runs'];
    const proxy = 'POST /proxy/:provider/:capability';
    expect(ways).toContainEqual(['burst', ...skill]);
    expect(ways).toContainEqual(['slack chat.postMessage', proxy, proxy, 'call slack.post', ...skill]);
    expect(ways).toContainEqual(['recordRunResult', ...skill.slice(1)]);
    expect(ways).toContainEqual(['edges', ...skill.slice(1)]);
  });

  it('names its spans and says whose they are', () => {
    const post = spans.find(({ name }) => name === 'call slack.post');
    expect(post).toMatchObject({
      service: 'clancy-worker',
      attributes: {
        'clancy.run_id': runId,
        'clancy.employee_id': employee,
        'clancy.capability': 'slack/slack.post',
        'clancy.activity.attempt': 1,
        'clancy.outcome': 'succeeded',
      },
    });
    const provider = spans.find(({ name }) => name === 'slack chat.postMessage');
    expect(provider).toMatchObject({
      service: 'clancy-connecthub',
      attributes: { 'http.request.method': 'POST', 'http.response.status_code': 200, 'clancy.capability': 'slack/slack.post' },
    });
    const workflow = spans.find(({ name }) => name === 'workflow employeeRun');
    expect(workflow).toMatchObject({
      attributes: { 'clancy.org_id': org.orgId, 'clancy.status': 'completed' },
      hasFailed: false,
    });
  });

  it('has its trace on its page, and in the details of its workflows', async () => {
    expect(await org.as('admin').runs.get(runId)).toMatchObject({ trace_id: traceId });
    const { address, namespace } = stack.stack.temporal;
    const connection = await Connection.connect({ address });
    const client = new Client({ connection, namespace });
    for (const id of [runId, `${runId}:skill:write_digest`]) {
      const described = await client.workflow.getHandle(id).describe();
      expect(await described.staticDetails()).toContain(traceId);
    }
    await connection.close();
  });

  it('has its trace in the logs of both services', async () => {
    const { api, connecthub } = stack.stack.processes;
    const linesOf = async ({ logFile }: { logFile: string }) => (await readFile(logFile, 'utf8')).split('\n');
    for (const process of [api, connecthub]) {
      expect((await linesOf(process)).some((line) => line.includes(`"trace_id":"${traceId}"`))).toBe(true);
    }
  });

  it('leaves no text of people in anything that was sent, and says who sends', async () => {
    expect(receiver.bodies().some((body) => body.includes(runId))).toBe(true);
    for (const body of receiver.bodies()) expect(body.includes(CANARY)).toBe(false);
    expect(receiver.headers().every(({ 'x-collector-key': key }) => key === 'let me in')).toBe(true);
  });
});

describe('a run whose worker is killed', () => {
  it('goes on within its trace, and its tree is whole', async () => {
    const traceId = newTrace();
    const client = clientWith({ traceparent: `00-${traceId}-${CALLER}-01` });
    const { run_id } = await client.runs.start(employee, { tag: CANARY });
    await waitUntil(() => spansOf(traceId).some(({ name }) => name.startsWith('slack ')), {
      timeoutMs: 60_000,
      what: 'a call at the provider',
    });
    const { worker } = stack.stack.processes;
    worker.kill('SIGKILL');
    await worker.restart();
    expect(await client.runs.end(run_id)).toMatchObject({ status: 'completed' });
    const ended = () => spansOf(traceId).filter(({ name }) => name.startsWith('workflow '));
    await waitUntil(() => ended().some(({ name }) => name === 'workflow employeeRun'), { timeoutMs: 30_000, what: 'its end' });
    const spans = spansOf(traceId);
    const calls = spans.filter(({ name }) => name.startsWith('call '));
    for (const call of calls) expect(wayUp(spans, call).slice(1, 3)).toEqual(['workflow skillRun', 'workflow employeeRun']);
  }, 300_000);
});

describe('a run of a schedule', () => {
  it('has the trace that began when it fired', async () => {
    const client = org.as('admin');
    const due = { employee_id: employee, times: { cron: '0 0 1 1 *' }, input: { tag: CANARY } };
    const { schedule_id: id } = await client.schedules.create(due);
    await client.schedules.trigger(id);
    const ofSchedule = async () => (await client.runs.list({ employee_id: employee })).items.find(isScheduled)?.run_id;
    const isScheduled = ({ run_id }: { run_id: string }) => /T\d\d:\d\dZ/.test(run_id);
    const runId = await waitUntil(ofSchedule, { timeoutMs: 40_000, what: 'the run of the schedule', everyMs: 200 });
    const { trace_id: traceId, status } = await client.runs.end(runId);
    expect(status).toBe('completed');
    const spans = await wholeTrace(traceId ?? '', 'workflow scheduledRun');
    expect(rootsOf(spans)).toMatchObject([{ name: 'workflow scheduledRun', parentSpanId: undefined }]);
    const ways = spans.map((span) => wayUp(spans, span));
    expect(ways).toContainEqual(['workflow skillRun', 'workflow employeeRun', 'workflow scheduledRun']);
    expect(ways).toContainEqual(['prepareScheduledRun', 'workflow scheduledRun']);
  }, 120_000);
});

describe('a run that nobody traced', () => {
  it('has a trace of its own, whatever the caller calls one', async () => {
    const traces = await Promise.all(
      [{}, { traceparent: CANARY }, { traceparent: `00-${'0'.repeat(32)}-${CALLER}-01` }].map(async (headers) => {
        const client = clientWith(headers);
        const { run_id } = await client.runs.start(employee, { tag: CANARY });
        return (await client.runs.end(run_id)).trace_id;
      }),
    );
    expect(new Set(traces).size).toBe(3);
    for (const trace of traces) expect(trace).toMatch(/^[0-9a-f]{32}$/);
  }, 120_000);
});
