import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { makeCallId, makeSkillRunId } from '../../contracts/ids.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { createClientCredentialsSource } from '../../platform/auth/service-token.ts';
import { openInput } from '../forged/copy-input.ts';
import { posterDefinition, type Poster } from '../forged/poster.ts';
import { hireWith } from '../stack/hire.ts';
import type { TestOrg, TestStack } from '../stack/test-stack.ts';

export interface Story {
  readonly stack: TestStack;
  readonly org: TestOrg;
  /** Its answers are recorded, as are those of `fetch`. */
  readonly client: ClancyClient;
  readonly fetch: typeof fetch;
  readonly workerUrl: string;
  /** Stands in the input of the runs. */
  readonly text: string;
}

/**
 * Everything that touches a token: consent given and refused, a run that succeeds, tokens that are renewed, a provider
 * that fails, talks nonsense or repeats our token in its answers, a token that is taken away, a disconnected account, and one
 * that stays connected.
 */
export async function liveThroughEverything(story: Story): Promise<void> {
  const { stack, client } = story;
  const { sandbox } = stack;
  const team = await connect(story);
  await refuseConsent(story);
  const employee = await hire(story, { effect: 'allow' });

  await finish(story, employee, 'completed');
  await sandbox.expireTokens(team);
  await finish(story, employee, 'completed');

  const fail = { team, method: 'chat.postMessage', times: 1 } as const;
  await sandbox.inject({ ...fail, kind: 'status', status: 500 });
  await finish(story, employee, 'completed');
  await sandbox.inject({ ...fail, kind: 'garbage' });
  await finish(story, employee, 'completed');
  await sandbox.inject({ ...fail, kind: 'error', error: 'channel_not_found' });
  await finish(story, employee, 'failed');
  const live = (await sandbox.tokens()).find(({ state, kind, team: of }) => state === 'live' && kind === 'access' && of === team);
  await sandbox.inject({ ...fail, kind: 'error', error: `no_such_${live?.value}` });
  await finish(story, employee, 'failed');

  await callDirectly(story, await hire(story, { effect: 'require_approval' }));
  await askAround(story);
  await sandbox.revokeTokens(team);
  await finish(story, employee, 'failed');
  const [connection] = (await client.connections.list()).items;
  await client.connections.remove(connection!.connection_id);
  await connect(story);
}

/** A run that has made a call and stands still since, so that the worker holds all that it knows of it. */
export async function standStill(story: Omit<Story, 'fetch' | 'workerUrl'>): Promise<void> {
  const { client, text } = story;
  const employee = await hire(story, { effect: 'allow', waits: 'after' });
  const { run_id: runId } = await client.runs.start(employee, { text });
  const isWaiting = async () => (await client.runs.get(runId)).waiting_on.includes('timer');
  await waitUntil(isWaiting, { timeoutMs: 40_000, what: 'the run to stand still', everyMs: 200 });
}

function hire({ stack, org }: Pick<Story, 'stack' | 'org'>, poster: Poster): Promise<string> {
  return hireWith(org.as('admin'), stack.stack.databases.owner, (graphId) => posterDefinition(graphId, poster));
}

/** As a browser, which sends what it was given back to where it came from. */
async function walk({ stack, client, fetch }: Story, person: { team: string; deny?: boolean }): Promise<Response> {
  const { url } = await client.connections.launch('slack');
  const opened = await fetch(url, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  const callback = await stack.sandbox.authorize(opened.headers.get('location')!, person);
  return fetch(callback, { headers: { cookie: cookie.join('; ') } });
}

async function connect(story: Story): Promise<string> {
  const { team } = await story.stack.sandbox.createTeam();
  const arrived = await walk(story, { team });
  if (!arrived.ok) throw new Error(`the callback answered ${arrived.status}`);
  return team;
}

async function refuseConsent(story: Story): Promise<void> {
  const { team } = await story.stack.sandbox.createTeam();
  const arrived = await walk(story, { team, deny: true });
  if (arrived.ok) throw new Error(`the callback accepted a refusal: ${arrived.status}`);
}

/** Runs the employee to its end and looks at all that is to be seen of it. */
async function finish({ client, org, stack, fetch, text }: Story, employee: string, expected: string): Promise<void> {
  const { run_id: runId } = await client.runs.start(employee, { text });
  const isOver = async () => (await client.runs.get(runId)).finished_at != null;
  await waitUntil(isOver, { timeoutMs: 60_000, what: 'the run to end', everyMs: 200 });
  const { status, error_code: code } = await client.runs.get(runId);
  if (status !== expected) throw new Error(`the run ended ${status} (${code ?? 'no code'}) instead of ${expected}`);
  const events = await fetch(`${stack.stack.urls.api}/v1/runs/${encodeURIComponent(runId)}/events`, {
    headers: { authorization: `Bearer ${await org.token('admin')}`, accept: 'text/event-stream' },
  });
  await events.text();
  for (const receipt of (await client.receipts.list({ run_id: runId })).items) await client.receipts.get(receipt.call_id);
}

/** As a worker does, so that ConnectHub's answers are seen as they are: one question, one mistake, one refusal. */
async function callDirectly({ stack, client, fetch, text }: Story, employee: string): Promise<void> {
  const { urls, issuers, temporal } = stack.stack;
  const { run_id: runId } = await client.runs.start(employee, { text });
  const isAsking = async () => (await client.approvals.list({ run_id: runId })).items[0];
  const approval = await waitUntil(isAsking, { timeoutMs: 40_000, what: 'the run to ask', everyMs: 200 });
  const { ticket, plan } = await openInput(temporal, runId);
  const {
    COGNITO_CLIENT_ID: clientId,
    COGNITO_CLIENT_SECRET: clientSecret,
    COGNITO_TOKEN_URL: tokenUrl,
  } = issuers.services.worker;
  const post = (url: string, bearer: string, body: object, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const service = await createClientCredentialsSource({ tokenUrl, clientId, clientSecret }).token();
  const exchanged = await post(`${urls.api}/internal/agent-tokens`, service, { ticket });
  const { access_token: agent } = (await exchanged.json()) as { access_token: string };
  const skillRun = makeSkillRunId({ run: runId, node: 'write', visit: 1 });
  const headers = { 'idempotency-key': makeCallId({ skillRun, items: [], n: 1 }), 'clancy-run-ticket': ticket };
  const body = { connection_id: plan.connections['slack'], parameters: { channel: '#billing', text } };
  for (const bearer of [agent, service]) await post(`${urls.connecthub}/proxy/slack/slack.post`, bearer, body, headers);
  await post(`${urls.connecthub}/proxy/slack/slack.post`, agent, { ...body, parameters: {} }, headers);
  await client.approvals.reject(approval.approval_id);
}

/** Everything else that answers. */
async function askAround({ stack, client, org, fetch, workerUrl }: Story): Promise<void> {
  const { api, connecthub } = stack.stack.urls;
  await Promise.all([client.health(), client.connections.list(), client.capabilities.list(), client.employees.list()]);
  const headers = { authorization: `Bearer ${await org.token('admin')}` };
  const paths = [
    '/health',
    '/ready',
    '/openapi.json',
    '/docs',
    '/nothing',
    '/v1/runs',
    '/v1/approvals',
    '/connections',
    '/receipts',
  ];
  for (const path of paths) for (const origin of [api, connecthub, workerUrl]) await fetch(origin + path, { headers });
}
