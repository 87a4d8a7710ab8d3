import { defaultPayloadConverter, type Client } from '@temporalio/client';
import { z } from 'zod';
import { createAgentTokens } from '../activities/agent-worker/calls/agent-tokens.ts';
import type { ClancyClient } from '../cli/client/clancy-client.ts';
import { makeSkillRunId } from '../contracts/ids.ts';
import { waitUntil } from '../dev/processes/wait-until.ts';
import type { Stack } from '../dev/stack/start-stack.ts';
import { createClientCredentialsSource } from '../platform/auth/service-token.ts';
import { SKILL_NODE } from './employees.ts';
import { resultOf } from './run-result.ts';

/** A run that waits, and what a worker of it would carry to ConnectHub. */
export interface OpenRun {
  readonly skillRun: string;
  readonly ticket: string;
  readonly agentToken: string;
  readonly connectionId: string;
  /** Cancels the run and waits for its end. */
  close(): Promise<void>;
}

export interface OpenRunDeps {
  readonly client: Pick<ClancyClient, 'runs'>;
  readonly temporal: Client;
  readonly stack: Pick<Stack, 'urls' | 'issuers'>;
  readonly employeeId: string;
}

const TIMEOUT_MS = 30_000;
const inputSchema = z.looseObject({
  ticket: z.string(),
  plan: z.looseObject({ connections: z.looseObject({ slack: z.string() }) }),
});

/** Starts a run of an employee that waits, and takes the ticket from its input as its worker does. */
export async function openRun(deps: OpenRunDeps): Promise<OpenRun> {
  const { client, temporal, employeeId } = deps;
  const { run_id: runId } = await client.runs.start(employeeId, { text: 'never posted' });
  const { ticket, plan } = await waitUntil(() => inputOf(temporal, runId), {
    timeoutMs: TIMEOUT_MS,
    what: `the start of ${runId}`,
  });
  return {
    skillRun: makeSkillRunId({ run: runId, node: SKILL_NODE, visit: 1 }),
    ticket,
    agentToken: await agentToken(deps.stack, ticket),
    connectionId: plan.connections.slack,
    close: async () => {
      await client.runs.cancel(runId);
      await resultOf(temporal, runId).catch(() => undefined); // a cancelled workflow has no result
    },
  };
}

async function inputOf(temporal: Client, runId: string): Promise<z.infer<typeof inputSchema>> {
  const { events } = await temporal.workflow.getHandle(runId).fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (!payload) throw new Error(`${runId} has no input`);
  return inputSchema.parse(defaultPayloadConverter.fromPayload(payload));
}

function agentToken({ urls, issuers }: OpenRunDeps['stack'], ticket: string): Promise<string> {
  const worker = issuers.services.worker;
  const serviceToken = createClientCredentialsSource({
    tokenUrl: worker.COGNITO_TOKEN_URL,
    clientId: worker.COGNITO_CLIENT_ID,
    clientSecret: worker.COGNITO_CLIENT_SECRET,
  });
  const tokens = createAgentTokens({ agentCoreUrl: urls.api, serviceToken });
  return tokens.get(ticket);
}
