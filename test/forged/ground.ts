import { readFile } from 'node:fs/promises';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { EmployeeRunInput } from '../../contracts/run.ts';
import { TASK_QUEUES } from '../../contracts/run.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { createClientCredentialsSource } from '../../platform/auth/service-token.ts';
import { hireWith } from '../stack/hire.ts';
import { startTestStack, type TestOrg, type TestStack } from '../stack/test-stack.ts';
import { copyInput } from './copy-input.ts';
import { posterDefinition, type Poster } from './poster.ts';

/** An organisation with a Slack workspace, where employees are hired and attacked. */
export interface Office {
  readonly org: TestOrg;
  readonly team: string;
  hire(poster: Poster): Promise<string>;
  /** Starts a run and waits until it stands still for `reason` (the beginning of a `waiting_on`). */
  startWaiting(employee: string, text: string, reason: string): Promise<string>;
  /** Starts a run and waits for its end. */
  finish(employee: string, text: string): Promise<string>;
  /** Texts that the provider has seen. */
  texts(): Promise<string[]>;
  /** What was refused in this organisation: `action code` of every audit row that says so, of both services. */
  denials(): Promise<{ action: string; object_id: string; code: string | null }[]>;
}

/** What somebody who reaches Temporal, or holds the worker's token, can do. */
export interface Ground {
  readonly stack: TestStack;
  openOffice(): Promise<Office>;
  /** Reads the input of a run out of Temporal's history, ticket included. */
  copyInput(runId: string): Promise<EmployeeRunInput>;
  /** Starts a workflow straight at Temporal and tells the code it failed with. */
  forge(workflow: string, workflowId: string, input: object): Promise<string | undefined>;
  workerToken(): Promise<string>;
  /** The employee's token, as a worker gets it for a ticket. */
  exchange(ticket: string | undefined): Promise<Response>;
  /** A call at ConnectHub, as a worker makes it. */
  call(bearer: string, call: ForgedCall): Promise<Response>;
  log(process: 'api' | 'connecthub' | 'worker'): Promise<string>;
  close(): Promise<void>;
}

export interface ForgedCall {
  readonly callId: string;
  readonly ticket?: string;
  readonly connection: string;
  readonly text: string;
}

export async function openGround(): Promise<Ground> {
  const stack = await startTestStack();
  const { address, namespace } = stack.stack.temporal;
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  const {
    COGNITO_CLIENT_ID: clientId,
    COGNITO_CLIENT_SECRET: clientSecret,
    COGNITO_TOKEN_URL: tokenUrl,
  } = stack.stack.issuers.services.worker;
  const worker = createClientCredentialsSource({ tokenUrl, clientId, clientSecret });
  const { api, connecthub } = stack.stack.urls;
  return {
    stack,
    openOffice: () => openOffice(stack),
    copyInput: (runId) => copyInput(client, runId),
    forge: (workflow, workflowId, input) => forge(client, workflow, workflowId, input),
    workerToken: () => worker.token(),
    exchange: async (ticket) =>
      postJson(`${api}/internal/agent-tokens`, await worker.token(), ticket === undefined ? {} : { ticket }),
    call: (bearer, { callId, ticket, connection, text }) =>
      postJson(
        `${connecthub}/proxy/slack/slack.post`,
        bearer,
        { connection_id: connection, parameters: { channel: '#billing', text } },
        { 'idempotency-key': callId, ...(ticket !== undefined && { 'clancy-run-ticket': ticket }) },
      ),
    log: (name) => readFile(stack.stack.processes[name].logFile, 'utf8'),
    close: async () => {
      await client.connection.close();
      await stack.close();
    },
  };
}

async function openOffice(stack: TestStack): Promise<Office> {
  const org = stack.newOrg();
  const team = await org.connectSlack();
  const { runs } = org.as('admin');
  const owner = stack.stack.databases.owner;
  const untilRun = (runId: string, what: string, isSo: (run: Awaited<ReturnType<typeof runs.get>>) => boolean) =>
    waitUntil(async () => isSo(await runs.get(runId)), { timeoutMs: 40_000, what, everyMs: 100 });
  return {
    org,
    team,
    hire: (poster) => hireWith(org.as('admin'), owner, (graphId) => posterDefinition(graphId, poster)),
    startWaiting: async (employee, text, reason) => {
      const { run_id: runId } = await runs.start(employee, { text });
      await untilRun(runId, `the run to wait for ${reason}`, (run) => run.waiting_on.some((one) => one.startsWith(reason)));
      return runId;
    },
    finish: async (employee, text) => {
      const { run_id: runId } = await runs.start(employee, { text });
      await untilRun(runId, 'the run to end', (run) => run.finished_at != null);
      return runId;
    },
    texts: async () => (await stack.sandbox.effects(team)).flatMap(({ text }) => text ?? []),
    denials: () => readDenials(owner, org.orgId),
  };
}

async function forge(client: Client, workflow: string, workflowId: string, input: object): Promise<string | undefined> {
  const handle = await client.workflow.start(workflow, {
    taskQueue: TASK_QUEUES.workers,
    workflowId,
    args: [input],
    workflowExecutionTimeout: '30 seconds',
  });
  const end: unknown = await handle.result().catch((error: unknown) => error);
  const cause = end instanceof WorkflowFailedError ? end.cause : undefined;
  return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : String(cause ?? 'completed');
}

function postJson(url: string, bearer: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const DENIALS = `
  select action, object_id, details->>'code' as code from core.audit where org_id = $1 and not allowed
  union all
  select action, object_id, details->>'code' as code from hub.audit where org_id = $1 and not allowed`;

/** As the database's owner, who sees all organisations. */
function readDenials(ownerUrl: string, orgId: string): ReturnType<Office['denials']> {
  return withClient(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ action: string; object_id: string; code: string | null }>(DENIALS, [orgId]);
    return rows;
  });
}
