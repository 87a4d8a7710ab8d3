import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ApprovalAnswer } from '../../cli/client/answers/approvals.ts';
import { createClancyClient, type ClancyClient } from '../../cli/client/clancy-client.ts';
import { developmentTokens } from '../../cli/client/development-token.ts';
import { connectAccounts } from '../demo/accounts.ts';
import { STORIES } from '../demo/stories.ts';
import { createTerminal } from '../demo/terminal.ts';
import { waitUntil } from '../processes/wait-until.ts';
import { createSandboxClient } from '../sandbox/client.ts';
import type { Stack } from '../stack/start-stack.ts';

export const OPERATORS = 'org_platform';
const ORGANISATION = 'org_northwind';

/** What there is to be seen: an employee with a run that completed, one that failed, and one that waits for Katrin. */
export interface Scene {
  readonly orgId: string;
  readonly employeeId: string;
  readonly completed: string;
  readonly failed: string;
  readonly waiting: string;
  /** Whom it asks to write to. */
  readonly customers: readonly string[];
}

/** Hires the receivables assistant as the demo does, and another organisation's employee beside it. */
export async function setScene(stack: Stack): Promise<Scene> {
  const sandbox = createSandboxClient(stack.urls.sandbox);
  const terminal = createTerminal(() => undefined);
  const manager = clientOf(stack, { user_id: 'user_mia', org_id: ORGANISATION, role: 'admin' });
  const katrin = clientOf(stack, { user_id: 'user_katrin', org_id: ORGANISATION, role: 'approver' });
  const neighbour = clientOf(stack, { user_id: 'user_lee', org_id: 'org_contoso', role: 'admin' });

  const { employeeId: digestWriter } = await hire(neighbour, 'slack-digest-writer');
  const { employeeId, missing } = await hire(manager, 'receivables-assistant');
  const accounts = await connectAccounts({ client: manager, sandbox, stack, terminal }, missing);
  await manager.employees.activate(employeeId);
  await connectAccounts({ client: neighbour, sandbox, stack, terminal }, ['slack']);
  await neighbour.employees.activate(digestWriter);

  await untilEnded(neighbour, await start(neighbour, digestWriter));
  const completed = await start(manager, employeeId);
  for (const { approval_id } of await untilAsked(katrin, completed)) await katrin.approvals.approve(approval_id, 'Fine.');
  await untilEnded(manager, completed);

  const down = { kind: 'error', error: 'channel_not_found', method: 'chat.postMessage', times: 1 } as const;
  await sandbox.inject({ ...down, team: accounts.slack ?? '' });
  const failed = await start(manager, employeeId);
  await untilEnded(manager, failed);

  const waiting = await start(manager, employeeId);
  const customers = (await untilAsked(katrin, waiting)).map(({ call }) => z.string().parse(call?.parameters['to']));
  return { orgId: ORGANISATION, employeeId, completed, failed, waiting, customers };
}

function clientOf(stack: Stack, person: { user_id: string; org_id: string; role: string }): ClancyClient {
  const token = developmentTokens({ issuersUrl: stack.urls.issuers, person, nowMs: Date.now });
  return createClancyClient({ apiUrl: stack.urls.api, connecthubUrl: stack.urls.connecthub, token });
}

async function hire(client: ClancyClient, story: keyof typeof STORIES): Promise<{ employeeId: string; missing: string[] }> {
  const jobDescription = await readFile(new URL(`../../examples/${STORIES[story].file}`, import.meta.url), 'utf8');
  const { employee_id, explanation } = await client.employees.create({ jobDescription });
  return { employeeId: employee_id, missing: explanation.missing_connections.map(({ provider }) => provider) };
}

async function start(client: ClancyClient, employeeId: string): Promise<string> {
  return (await client.runs.start(employeeId)).run_id;
}

function untilEnded(client: ClancyClient, runId: string): Promise<unknown> {
  return untilRun(client, runId, 'to end', async () => (await client.runs.get(runId)).finished_at ?? undefined);
}

/** What the run asks, of each customer. */
function untilAsked(client: ClancyClient, runId: string): Promise<ApprovalAnswer[]> {
  return untilRun(client, runId, `to ask ${CUSTOMERS} times`, async () => {
    const { items } = await client.approvals.list({ run_id: runId, status: 'pending', limit: 100 });
    return items.length >= CUSTOMERS ? items : undefined;
  });
}

/** @throws Error that says how the run stands. */
async function untilRun<T>(client: ClancyClient, runId: string, what: string, seen: () => Promise<T | undefined>) {
  try {
    return await waitUntil(seen, { timeoutMs: 180_000, everyMs: 200, what: `${runId} ${what}` });
  } catch (error) {
    const { status, waiting_on: waits, error_code: code } = await client.runs.get(runId);
    throw new Error(`${String(error)}: it is ${status}, waits on [${waits.join(', ')}], error ${code ?? '-'}`, { cause: error });
  }
}

/** Those of the sandbox whose invoices are overdue by more than the assistant overlooks. */
const CUSTOMERS = 3;
