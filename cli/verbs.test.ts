import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APPROVAL_ID, CALL_ID, CONNECTION_ID, connection, EMPLOYEE_ID, event, parkedEvent, RUN_ID } from './testing/fixtures.ts';
import { runHere, signedInAt } from './testing/run-command.ts';
import { problem } from './testing/stub-route.ts';
import { startStub, type Stub } from './testing/stub-service.ts';

let stub: Stub;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-cli-'));
  await writeFile(join(folder, 'job.md'), 'Write digests.');
  await writeFile(join(folder, 'empty.md'), ' \n');
});
afterAll(async () => rm(folder, { recursive: true }));
beforeEach(async () => {
  stub = await startStub();
});
afterEach(async () => {
  await stub.close();
});

const clancy = (...argv: string[]) => runHere(argv, { env: signedInAt(stub.url), cwd: folder, stdin: 'React with :eyes:.' });
const lastRequest = () => stub.state.requests.at(-1)?.line;

describe('employees', () => {
  it('are created with their graph, the way of each sentence and what was not understood', async () => {
    const { exitCode, stdout } = await clancy('employees', 'create', '--file', 'job.md', '--name', 'Digester');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Digester\nEmployee +4f3k9wz0h1c7m2v8x5tq6n0rda\n/);
    expect(stdout).toContain('  read_support  Read #support  (message.read)\n    └─> post_digest');
    expect(stdout).toContain('"Read what people wrote in #support."\n    -> read_support (92 %) -> slack/slack.read');
    expect(stdout).toContain('on schedule 0 17 * * 1-5 Europe/Berlin  "Every weekday at 17:00."');
    expect(stdout).toContain('"Refill the printer paper."\n    No capability does this. Who should do it instead?');
    expect(stdout).toContain(
      '1. must not use slack/slack.dm\n     Forbidden by the job description. "Never send direct messages."',
    );
    expect(stdout).toContain(
      `Next: clancy connections connect slack --for slack.read,slack.post, then clancy employees activate ${EMPLOYEE_ID}`,
    );
  });

  it('are created once under one key', async () => {
    await clancy('employees', 'create', '--file', '-', '--idempotency-key', 'k-1', '--name', 'First');
    const { stdout } = await clancy('employees', 'create', '--file', '-', '--idempotency-key', 'k-1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ employee_id: EMPLOYEE_ID, name: 'First' });
    expect([...stub.state.created.keys()]).toEqual(['k-1']);
    await clancy('employees', 'create', '--file', '-');
    await clancy('employees', 'create', '--file', '-');
    expect(stub.state.created.size).toBe(3);
  });

  it.each([
    ['nothere.md', 'nothere.md cannot be read.'],
    ['empty.md', 'The job description is empty.'],
  ])('are not created from %s', async (file, message) => {
    expect(await clancy('employees', 'create', '--file', file)).toMatchObject({ exitCode: 2, stderr: `${message}\n` });
    expect(stub.state.created.size).toBe(0);
  });

  it('are listed, with the way to the next page', async () => {
    const { stdout } = await clancy('employees', 'list', '--status', 'draft', '--limit', '5');
    expect(stdout).toMatch(/^EMPLOYEE +NAME +STATUS +VERSION +CHANGED\n4f3k9wz0h1c7m2v8x5tq6n0rda {2}Digest writer {2}draft +- /);
    expect(stdout).toContain('More: add --cursor next-page\n');
    expect(lastRequest()).toBe('GET /v1/employees?limit=5&status=draft');
  });

  it('are shown with policy and grants before anybody activates them', async () => {
    const { stdout } = await clancy('employees', 'show', EMPLOYEE_ID);
    for (const part of ['Job description (version 1)\n  Write digests.', 'Policy\n', 'Grants\n', 'slack/slack.post']) {
      expect(stdout).toContain(part);
    }
    const shown = await clancy('employees', 'show', EMPLOYEE_ID, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      status: 'draft',
      shown_version: { version: 1 },
      grants: [{ connection_id: CONNECTION_ID }],
    });
  });

  it('are activated with the chosen version and connection', async () => {
    const activated = await clancy(
      'employees',
      'activate',
      EMPLOYEE_ID,
      '--version',
      '1',
      '--connection',
      `slack=${CONNECTION_ID}`,
    );
    expect(activated.exitCode).toBe(0);
    expect(activated.stdout).toMatch(/Status +active\nActive version +1\n/);
    expect(stub.state.employee.status).toBe('active');
  });

  it('have graphs as text, as JSON and as Mermaid', async () => {
    expect((await clancy('employees', 'graph', EMPLOYEE_ID)).stdout).toMatch(/^read_support {2}Read #support/);
    expect((await clancy('employees', 'graph', EMPLOYEE_ID, '--mermaid')).stdout).toBe('flowchart TD\n');
    expect(JSON.parse((await clancy('employees', 'graph', EMPLOYEE_ID, '--json')).stdout)).toHaveProperty('graph.nodes');
  });

  it('have versions', async () => {
    expect((await clancy('employees', 'versions', EMPLOYEE_ID)).stdout).toMatch(
      /^VERSION +MADE +BY +CONTENT\n1 +2025-06-09 18:00:00Z +user_ada/,
    );
  });
});

describe('runs', () => {
  beforeEach(() => {
    stub.state.employee.status = 'active';
  });

  it('are started and followed to their end', async () => {
    const { exitCode, stdout } = await clancy('runs', 'start', EMPLOYEE_ID, '--set', 'topic=refunds', '--watch');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Run +emp:.*\n(.*\n)*18:00:00\.000 {2}run\.started\n(.*\n)*18:00:00\.000 {2}run\.completed\n/);
    expect(stdout).toMatch(/Status +completed\n/);
    expect(stdout).toContain('"ts": "1749492000.000100"');
  });

  it('give programs a line per event and the run as the last one', async () => {
    const { stdout } = await clancy('runs', 'start', EMPLOYEE_ID, '--input', '{"days":7}', '--watch', '--json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id?: string; status?: string });
    expect(lines.map(({ id, status }) => id ?? status ?? 'accepted')).toEqual(['accepted', '1', '2', '3', '4', 'completed']);
  });

  it('say so when the employee is not active', async () => {
    stub.state.employee.status = 'draft';
    const { exitCode, stdout, stderr } = await clancy('runs', 'start', EMPLOYEE_ID);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      'Title of employee_not_active (employee_not_active)\n  This employee is draft.\nNext: Activate it.\nRequest: urn:uuid:1\n',
    );
  });

  it('go on where the stream broke, print each event once, and say that it broke', async () => {
    stub.state.breaks.push(2, 1, 2);
    const { exitCode, stdout, stderr } = await clancy('runs', 'watch', RUN_ID, '--json');
    expect(exitCode).toBe(0);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id?: string }).id);
    expect(ids).toEqual(['1', '2', '3', '4', undefined]);
    const asked = stub.state.requests.filter(({ line }) => line.endsWith('/events'));
    expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2', '2', '3']);
    expect(stderr.match(/Going on where it stopped\./g)).toHaveLength(3);
  });

  it('are followed from a given event on', async () => {
    const { stdout } = await clancy('runs', 'watch', RUN_ID, '--after', '3', '--json');
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('wait out a service that is not ready, but not for ever', async () => {
    const away = problem(503, 'dependency_unavailable', 'Later.', {});
    stub.state.refuseNext.push(away, away);
    expect((await clancy('runs', 'watch', RUN_ID)).exitCode).toBe(0);
    stub.state.refuseNext.push(away, away, away, away);
    expect(await clancy('runs', 'watch', RUN_ID)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('end with a code of their own when they did not complete', async () => {
    stub.state.events = [event(1, 'run.started'), event(2, 'run.failed', { code: 'provider_refused' })];
    const { exitCode, stdout, stderr } = await clancy('runs', 'watch', RUN_ID);
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/Status +failed\nError +provider_refused\n/);
    expect(stderr).toBe('The run did not complete: failed.\n');
  });

  it('that were ended from outside do not count as completed, however late that is recorded', async () => {
    stub.state.events = [event(1, 'run.interrupted')];
    expect(await clancy('runs', 'watch', RUN_ID)).toMatchObject({ exitCode: 5, stderr: 'The run did not complete: running.\n' });
  });

  it('may be silent for longer than a stream lives', async () => {
    const lastEvent = stub.state.events.splice(3);
    stub.state.onStream = () => {
      const streams = stub.state.requests.filter(({ line }) => line.endsWith('/events')).length;
      if (streams === 9) stub.state.events.push(...lastEvent);
    };
    const { exitCode, stderr } = await clancy('runs', 'watch', RUN_ID);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('end the watch when history is gone and the row says that they are over', async () => {
    stub.state.events = [];
    stub.state.run.status = 'interrupted';
    expect((await clancy('runs', 'watch', RUN_ID)).exitCode).toBe(5);
  });

  it('show what they wait for and what to do about it', async () => {
    stub.state.run.waiting_on = [`approval:${APPROVAL_ID}`, 'timer'];
    const { stdout } = await clancy('runs', 'show', RUN_ID);
    expect(stdout).toMatch(/^Stands since +2025-06-09 18:00:00Z$/m);
    expect(stdout).toContain(
      `Waits on\n  approval:${APPROVAL_ID}  (clancy approvals show ${APPROVAL_ID})\n  timer  (it goes on by`,
    );
    expect((await clancy('runs', 'list', '--employee', EMPLOYEE_ID)).stdout).toContain(`approval:${APPROVAL_ID}, timer`);
    expect(lastRequest()).toBe(`GET /v1/runs?employee_id=${EMPLOYEE_ID}`);
  });

  it.each(['cancel', 'terminate', 'pause', 'resume'])(
    'change by %s, with a reason, and are shown as they are then',
    async (verb) => {
      const { exitCode, stdout } = await clancy('runs', verb, RUN_ID, '--reason', 'wrong channel');
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`Status     ${verb === 'pause' ? 'paused' : 'running'}`);
      expect(lastRequest()).toContain(`/${verb}`);
    },
  );

  it.each(['retry', 'run-again'])('are made anew by %s, and followed when asked', async (verb) => {
    const { exitCode, stdout } = await clancy('runs', verb, RUN_ID, '--watch');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Run +emp:.*\n(.*\n)*18:00:00\.000 {2}run\.completed\n/);
    expect(stub.state.requests[0]?.line).toContain(`/${verb}`);
    expect((await clancy('runs', verb, RUN_ID)).stdout).toContain('Follow     clancy runs watch');
  });

  it('are drawn as a tree on a terminal, which says what broke the stream until it goes on', async () => {
    stub.state.breaks.push(2);
    const options = { env: signedInAt(stub.url), terminal: { columns: 60, rows: 20 } };
    const { exitCode, stdout, stderr } = await runHere(['runs', 'watch', RUN_ID], options);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const drawn = stdout.split('\u001b[0J');
    expect(drawn.some((text) => text.includes('broke the connection'))).toBe(true);
    expect(drawn.at(-1)).toContain('completed');
    expect(drawn.at(-1)).toMatch(/Status +completed\n/);
    expect(stdout).not.toContain('run.started');
    const plain = await runHere(['runs', 'watch', RUN_ID, '--json'], options);
    expect(plain.stdout).not.toContain('\u001b');
  });
});

describe('approvals', () => {
  it('that wait are listed, and shown exactly', async () => {
    expect((await clancy('approvals', 'list')).stdout).toContain(APPROVAL_ID);
    expect((await clancy('approvals', 'list', '--status', 'rejected')).stdout).toBe('Nothing waits for an answer.\n');
    expect((await clancy('approvals', 'show', APPROVAL_ID)).stdout).toContain(String.raw`Pay 100\u202e000 €\u001b[2K`);
  });

  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ])('take the word %s with its reason', async (word, status) => {
    const { stdout } = await clancy('approvals', word, APPROVAL_ID, '--reason', 'checked');
    expect(stub.state.approval).toMatchObject({ status, reason: 'checked' });
    expect(stdout).toMatch(new RegExp(`Status +${status}\\n`));
  });

  it('are approved as edited, and show both', async () => {
    const { stdout } = await clancy('approvals', 'approve', APPROVAL_ID, '--parameters', '{"channel":"C2"}');
    expect(stdout).toContain('"channel": "C2"');
    expect(stdout).toContain('Was asked for, before it was edited');
    const bad = await clancy('approvals', 'approve', APPROVAL_ID, '--parameters', '[1]');
    expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--parameters') });
  });

  it('are decided many at once, and say by the exit code that one was not', async () => {
    const unknown = 'a0000000-0000-4000-8000-000000000000';
    const both = await clancy('approvals', 'reject', APPROVAL_ID, unknown, '--reason', 'not today');
    expect(both.exitCode).toBe(1);
    expect(both.stdout).toMatch(new RegExp(`^${APPROVAL_ID} +rejected +slack/slack.post `, 'm'));
    expect(both.stdout).toMatch(new RegExp(`^${unknown} +not decided \\(not_found\\) `, 'm'));
    expect(both.stderr).toBe('1 of 2 could not be decided.\n');
    const json = await clancy('approvals', 'approve', unknown, unknown, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ results: [{ status: 404 }, { code: 'not_found' }] });
    expect(json.exitCode).toBe(1);
  });

  it('are decided all at once, of one employee or one run', async () => {
    const all = await clancy('approvals', 'approve', '--all', '--employee', EMPLOYEE_ID);
    expect(all).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(new RegExp(`^${APPROVAL_ID} +approved `, 'm')) });
    expect(stub.state.requests.map(({ line }) => line)).toContainEqual(
      expect.stringMatching(new RegExp(`GET /v1/approvals\\?.*employee_id=${EMPLOYEE_ID}`)),
    );
    expect((await clancy('approvals', 'approve', '--all', '--run', RUN_ID)).stdout).toBe('Nothing waits for an answer.\n');
  });

  it.each([
    ['nothing', []],
    ['everything', ['--all']],
    ['all and one', ['--all', '--run', RUN_ID, APPROVAL_ID]],
    ['one of a run', [APPROVAL_ID, '--run', RUN_ID]],
    ['several with the same parameters', [APPROVAL_ID, APPROVAL_ID, '--parameters', '{}']],
  ])('are not decided for %s', async (_what, argv) => {
    expect((await clancy('approvals', 'approve', ...argv)).exitCode).toBe(2);
    expect(stub.state.approval.status).toBe('pending');
  });
});

describe('connections', () => {
  it('begin with an address that is printed and not opened', async () => {
    const { stdout } = await clancy('connections', 'connect', 'slack');
    expect(stdout).toBe(`Open this address in your browser within a minute:\n\n  ${stub.url}/oauth/launch/slack?code=once\n`);
    expect(stub.state.connections).toEqual([]);
  });

  it('are followed through consent only in development', async () => {
    expect(await clancy('connections', 'connect', 'slack', '--follow')).toMatchObject({
      exitCode: 2,
      stderr: '--follow works with a development stack only.\n',
    });
  });

  it('take tokens from Auth0, whose refresh token comes on stdin', async () => {
    const argv = ['connections', 'connect', 'gmail', '--auth0', 'google-oauth2'];
    const { exitCode, stdout } = await runHere(argv, { env: signedInAt(stub.url), stdin: 'v1.refresh\n' });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^Connection +conn_\w+\nProvider +gmail\n/),
    });
    expect(lastRequest()).toBe('POST /connections/auth0');
    const without = await runHere(argv, { env: signedInAt(stub.url), stdin: '' });
    expect(without).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('stdin') });
  });

  it('are listed and removed', async () => {
    stub.state.connections = [connection];
    expect((await clancy('connections', 'list')).stdout).toMatch(/conn_\w+ +slack +Acme +active +chat:write channels:read\n/);
    const removed = await clancy('connections', 'remove', CONNECTION_ID, '--json');
    expect(JSON.parse(removed.stdout)).toEqual({ connection_id: CONNECTION_ID, removed: true });
    expect((await clancy('connections', 'remove', CONNECTION_ID)).exitCode).toBe(1);
  });
});

describe('webhooks', () => {
  it('are listed by their state, and sent again', async () => {
    expect((await clancy('webhooks', 'list', '--state', 'parked')).stdout).toContain('Agent-Core answered 422');
    expect(lastRequest()).toBe('GET /webhooks/events?state=parked');
    const { event_id: event } = parkedEvent;
    expect((await clancy('webhooks', 'retry', event)).stdout).toBe(`${event} (slack.message) will be sent again in a moment.\n`);
    expect(lastRequest()).toBe(`POST /webhooks/events/${event}/retry`);
    expect((await clancy('webhooks', 'list', '--state', 'gone')).exitCode).toBe(2);
  });

  it('come of an account that is listened to', async () => {
    expect((await clancy('connections', 'receive', 'conn_1')).stdout).toContain('becomes events');
    expect(lastRequest()).toBe('PUT /connections/conn_1/receiving');
    expect((await clancy('connections', 'receive', 'conn_1', '--off')).stdout).toContain('no longer listened to');
  });
});

describe('receipts', () => {
  it('are listed and shown', async () => {
    expect((await clancy('receipts', 'list', '--run', RUN_ID, '--outcome', 'unknown')).stdout).toContain('nobody can tell');
    expect(lastRequest()).toBe(`GET /receipts?outcome=unknown&run_id=${encodeURIComponent(RUN_ID)}`);
    expect((await clancy('receipts', 'show', CALL_ID)).stdout).toContain('Look at the provider');
  });

  it.each(['happened', 'did_not_happen'])('take the word %s', async (word) => {
    expect((await clancy('receipts', 'resolve', CALL_ID, word)).exitCode).toBe(0);
    expect(stub.state.receipt.resolution).toBe(word);
  });

  it('take no result for what did not happen', async () => {
    expect((await clancy('receipts', 'resolve', CALL_ID, 'did_not_happen', '--result', '{}')).exitCode).toBe(2);
    expect(stub.state.receipt.resolution).toBeNull();
  });
});

describe('capabilities', () => {
  it('are listed with the accounts that they can be used at', async () => {
    const { stdout } = await clancy('capabilities', 'list', '--risk', 'write');
    expect(stdout).toContain('slack/slack.post  1        write  1     slack.write  Millrace Bindery  Post a message');
    expect(stub.state.requests.at(-1)?.line).toBe('GET /capabilities?risk=write');
    expect((await clancy('capabilities', 'list', '--provider', 'nobody')).stdout).toBe('Nothing of that kind.\n');
  });

  it('are shown one by one with their parameters', async () => {
    expect((await clancy('capabilities', 'show', 'slack/slack.post')).stdout).toMatch(/Scopes +chat:write[^]*"channel"/);
    expect(await clancy('capabilities', 'show', 'slack/slack.burn')).toMatchObject({ exitCode: 2 });
  });
});

describe('grants', () => {
  it('are listed and taken away', async () => {
    expect((await clancy('grants', 'revoke', EMPLOYEE_ID, 'slack/slack.post')).stdout).toContain(
      'slack/slack.post was taken away',
    );
    expect((await clancy('grants', 'list', EMPLOYEE_ID)).stdout).toMatch(/2025-06-09 19:00:00Z +user_ada\n/);
  });
});

it.each([
  [['runs', 'list', '--limit', '0'], '--limit: 1 to 100'],
  [['runs', 'show', '..'], "'..' is no identifier"],
  [['runs', 'show', ''], '<run>: an identifier is missing'],
  [['runs', 'start', EMPLOYEE_ID, '--input', '{oops'], '--input: expected JSON'],
  [['runs', 'start', EMPLOYEE_ID, '--set', 'x'], '--set: expected name=value'],
  [['runs', 'start', EMPLOYEE_ID, '--set', 'a=b', '--input', '{}'], 'Use --set or --input, not both.'],
  [['grants', 'revoke', EMPLOYEE_ID, 'post'], '<capability>: expected provider/capability'],
  [['receipts', 'resolve', CALL_ID, 'perhaps'], '<answer>: happened or did_not_happen'],
  [['connections', 'connect', '../x'], '<provider>: expected a provider, such as slack'],
  [['employees', 'create'], '--file: the job description is missing'],
  [['runs', 'show'], "error: missing required argument 'run'"],
  [['runs', 'lst'], "error: unknown command 'lst'"],
  [['runs', 'list', '--colour'], "error: unknown option '--colour'"],
  [[], 'Usage: clancy'],
])('%j is refused before anything is sent', async (argv, message) => {
  const { exitCode, stdout, stderr } = await clancy(...argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stub.state.requests).toEqual([]);
});

it('strips what a service says before a terminal sees it, and escapes it for programs', async () => {
  stub.state.employee = { ...stub.state.employee, name: 'Eve\u001b]0;owned\u0007\u202e\nSTATUS active' };
  const { stdout } = await clancy('employees', 'list');
  expect(stdout).toContain('Eve STATUS active');
  for (const character of ['\u001b', '\u0007', '\u202e']) expect(stdout).not.toContain(character);
  const asJson = await clancy('employees', 'list', '--json');
  for (const character of ['\u001b', '\u0007', '\u202e']) expect(asJson.stdout).not.toContain(character);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ items: [{ name: stub.state.employee.name }] });
});

it('takes an answer that is none of ours for an absent service', async () => {
  stub.state.refuseNext.push({ status: 200, body: { hello: 'world' } }, { status: 502, body: '<html>', type: 'text/html' });
  const first = await clancy('employees', 'list');
  expect(first).toMatchObject({ exitCode: 4, stderr: `${stub.url} gave an answer that this version of clancy does not know.\n` });
  const second = await clancy('employees', 'list');
  expect(second).toMatchObject({ exitCode: 4, stderr: `${stub.url} answered 502 without saying why.\n` });
});
