import { z } from 'zod';
import { makeCallId, makeSkillRunId } from '../../contracts/ids.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { createClientCredentialsSource } from '../../platform/auth/service-token.ts';
import { signRunTicket } from '../../platform/auth/run-ticket.ts';
import { parseSigningKey } from '../../platform/auth/signing-key.ts';
import type { Stack } from '../../dev/stack/start-stack.ts';
import type { Site } from '../faults/site.ts';

export interface DirectAnswer {
  status: number;
  body: { [member: string]: unknown };
}

export interface DirectCaller {
  /** A call id of the run that its own skills never make. */
  callId(n: number): string;
  post(hubUrl: string, callId: string, body: JsonObject | string, capability?: string): Promise<DirectAnswer>;
}

const runSchema = z.object({ employee_id: z.string(), version: z.int(), initiator_id: z.string(), plan_hash: z.string() });
const tokenSchema = z.object({ access_token: z.string() });

/** Calls ConnectHub as the worker of an open run would: with the employee's own token and the run's ticket. */
export async function callDirectly(stack: Stack, site: Site, runId: string, capabilities: string[]): Promise<DirectCaller> {
  const rows = await site.query(
    'select employee_id, version, initiator_id, plan_hash from authz.runs where org_id = $1 and run_id = $2',
    runId,
  );
  const run = runSchema.parse(rows[0]);
  const ticket = await signRunTicket(parseSigningKey(stack.keys.signingKey), {
    orgId: site.org.orgId,
    employeeId: run.employee_id,
    employeeVersion: run.version,
    runId,
    callScope: runId,
    planHash: run.plan_hash,
    capabilities,
    initiator: { type: 'person', id: run.initiator_id },
    mode: 'live',
  });
  const token = await employeeToken(stack, ticket);
  return {
    callId: (n) => makeCallId({ skillRun: makeSkillRunId({ run: runId, node: 'direct', visit: 1 }), items: [], n }),
    post: async (hubUrl, callId, body, capability = 'slack.post') => {
      const answer = await fetch(new URL(`/proxy/slack/${capability}`, hubUrl), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'idempotency-key': callId,
          'clancy-run-ticket': ticket,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
    },
  };
}

async function employeeToken({ urls, environments }: Stack, ticket: string): Promise<string> {
  const { COGNITO_TOKEN_URL = '', COGNITO_CLIENT_ID = '', COGNITO_CLIENT_SECRET = '' } = environments.worker;
  const worker = createClientCredentialsSource({
    tokenUrl: COGNITO_TOKEN_URL,
    clientId: COGNITO_CLIENT_ID,
    clientSecret: COGNITO_CLIENT_SECRET,
  });
  const answer = await fetch(new URL('/internal/agent-tokens', urls.api), {
    method: 'POST',
    headers: { authorization: `Bearer ${await worker.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  return tokenSchema.parse(await answer.json()).access_token;
}
