import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { freePort } from '../../dev/processes/free-port.ts';
import { makeTempFolder } from '../../dev/processes/temp-folder.ts';
import { silent } from '../../dev/progress.ts';
import { getUi } from '../../dev/temporal-ui/get-ui.ts';
import { startUi, type TemporalUi } from '../../dev/temporal-ui/start-ui.ts';
import { post } from '../faults/one-skill.ts';
import { openSite } from '../faults/site.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';

const OPERATORS = 'org_platform';
const CANARY = 'words that an operator reads';

let folder: Awaited<ReturnType<typeof makeTempFolder>>;
let world: TestStack;
let ui: TemporalUi;

beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- the entry point of a test run, as bin/ is of a process
  const files = await getUi(process.env);
  folder = await makeTempFolder('clancy-web-ui');
  const port = await freePort();
  const api = { TEMPORAL_UI_URL: `http://127.0.0.1:${port}`, PLATFORM_OPERATOR_ORG: OPERATORS };
  world = await startTestStack({ encrypted: true, extra: { api } });
  const { temporal, issuers, urls } = world.stack;
  const signIn = { ...issuers.signIn, codecUrl: `${urls.api}/codec` };
  ui = await startUi({ dir: join(folder.path, 'ui'), files, port, temporal, signIn, log: silent });
});
afterAll(async () => {
  await ui?.stop();
  await world?.close();
  await folder?.remove();
});

const userSchema = z.object({ AccessToken: z.string(), IDToken: z.string() });
type User = z.infer<typeof userSchema>;

/** Those that it sets; older ones of the same names it deletes, by empty ones. */
const cookiesOf = (response: Response): string[] =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .filter((cookie) => !/^[^=]+=$/.test(cookie));
const addressOf = (response: Response): string => response.headers.get('location') ?? '';

/** As a browser goes through it; the Web UI hands its page the tokens in cookies that live for a minute. */
async function signIn(person: { user_id: string; org_id: string; role: string }): Promise<User> {
  const asked = await fetch(`${ui.url}/auth/sso`, { redirect: 'manual' });
  const form = new URLSearchParams({ ...Object.fromEntries(new URL(addressOf(asked)).searchParams), ...person });
  const answered = await fetch(new URL(addressOf(asked)).href, { method: 'POST', body: form, redirect: 'manual' });
  const cookie = cookiesOf(asked).join('; ');
  const back = await fetch(addressOf(answered), { headers: { cookie }, redirect: 'manual' });
  const parts = cookiesOf(back).filter((one) => /^user\d=/.test(one));
  const text = parts.map((one) => one.slice(one.indexOf('=') + 1)).join('');
  return userSchema.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')));
}

const headersOf = ({ AccessToken, IDToken }: User) => ({
  authorization: `Bearer ${AccessToken}`,
  'authorization-extras': IDToken,
});

const historySchema = z.object({ history: z.object({ events: z.array(z.looseObject({})) }) });
const payloadSchema = z.object({ metadata: z.record(z.string(), z.string()), data: z.string() });
const inputSchema = z.object({
  workflowExecutionStartedEventAttributes: z.object({ input: z.object({ payloads: z.array(payloadSchema) }) }),
});

async function inputOf(runId: string, user: User) {
  const path = `/api/v1/namespaces/${world.stack.temporal.namespace}/workflows/${encodeURIComponent(runId)}/history`;
  const answer = await fetch(ui.url + path, { headers: headersOf(user) });
  const { history } = historySchema.parse(await answer.json());
  return inputSchema.parse(history.events[0]).workflowExecutionStartedEventAttributes.input;
}

/** As the page asks, its preflight too. */
async function decode(body: object, user: User): Promise<{ status: number; text: string }> {
  const url = `${world.stack.urls.api}/codec/decode?preserveStorageRefs=true`;
  const headers = { ...headersOf(user), 'content-type': 'application/json', 'x-namespace': 'clancy', origin: ui.url };
  const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: ui.url } });
  const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ') ?? [];
  expect(Object.keys(headers).filter((name) => name !== 'origin' && !allowed.includes(name))).toEqual([]);
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.headers.get('access-control-allow-origin')).toBe(ui.url);
  return { status: answer.status, text: await answer.text() };
}

test('who has not signed in gets nothing from the Web UI; an operator of the platform reads a run of any organisation', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [post(CANARY)] });
  await site.untilEnded(runId);
  const path = `${ui.url}/api/v1/namespaces/${world.stack.temporal.namespace}/workflows`;
  expect((await fetch(path)).status).toBe(401);
  expect((await fetch(path, { headers: { authorization: 'Bearer made.up.token' } })).status).toBe(401);

  const operator = await signIn({ user_id: 'user_nora', org_id: OPERATORS, role: 'auditor' });
  const sealed = await inputOf(runId, operator);
  expect(Buffer.from(sealed.payloads[0]!.data, 'base64').toString('latin1')).not.toContain(CANARY);
  const opened = await decode(sealed, operator);
  expect(opened.status).toBe(200);
  const { payloads } = z.object({ payloads: z.array(payloadSchema) }).parse(JSON.parse(opened.text));
  expect(Buffer.from(payloads[0]!.data, 'base64').toString('utf8')).toContain(CANARY);

  const stranger = await signIn({ user_id: 'user_lee', org_id: 'org_elsewhere', role: 'admin' });
  expect((await decode(sealed, stranger)).status).toBe(403);
});
