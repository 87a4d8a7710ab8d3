import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from './harness.ts';
import { toAnswer } from './browser.ts';
import type { Office } from './office.ts';

const MESSAGE = { channel: '#billing', text: 'Once.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

/** A post with the bytes, headers and address that somebody else thought of. */
async function raw(payload: string | object, headers: { [name: string]: string } = {}, query = '') {
  return toAnswer(
    await harness.hub.app.inject({
      method: 'POST',
      url: `/proxy/slack/slack.post${query}`,
      headers: {
        authorization: `Bearer ${office.agentToken}`,
        'clancy-run-ticket': office.ticket,
        'idempotency-key': office.callId(),
        'content-type': 'application/json',
        ...headers,
      },
      payload,
    }),
  );
}
const post = (parameters: string) => `{"connection_id":"${office.connectionId}","parameters":${parameters}}`;

describe('row 16: a token', () => {
  it.each([
    ['a part of the name', ['slack/slack.pos']],
    ['more than the name', ['slack/slack.post.bulk']],
    ['the name of another provider', ['gmail/slack.post']],
    ['nothing', []],
  ])('that names %s lets no post go', async (_what, scope) => {
    const answer = await office.call('slack.post', MESSAGE, { token: await office.agentTokenFor(scope) });
    expect([answer.status, answer.json['code']]).toEqual([403, 'capability_scope_missing']);
    expect(await office.posts()).toEqual([]);
  });

  it.each(['SLACK.POST', 'slack.Post', 'ｓlack.post', 'slack.post%20', 'slack.post%00', 'slack%2Fslack.post', '..%2Fslack.post'])(
    'is no use for the name %s',
    async (name) => {
      const answer = await office.call(name, MESSAGE);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(await office.posts()).toEqual([]);
    },
  );
});

describe('a body', () => {
  it('row 36: over a megabyte is refused as too large', async () => {
    const answer = await raw(post(`{"channel":"#billing","text":"${'x'.repeat(1024 * 1024)}"}`));
    expect([answer.status, answer.json['code']]).toEqual([413, 'payload_too_large']);
  });

  it('row 37: of 5,000 levels is refused, and nothing of it breaks anything', async () => {
    const answer = await raw(post(`{"channel":"#billing","text":${'['.repeat(5_000)}${']'.repeat(5_000)}}`));
    expect([answer.status, answer.json['code']]).toEqual([400, 'invalid_request']);
  });

  it.each(['{"__proto__":{"channel":"#billing","text":"x"}}', '{"constructor":{"prototype":{"text":"x"}},"channel":"#billing"}'])(
    'row 38: that reaches for prototypes is refused (%s)',
    async (parameters) => {
      const answer = await raw(post(parameters));
      expect([answer.status, answer.json['code']]).toEqual([400, 'invalid_request']);
      expect(Object.hasOwn(Object.prototype, 'text')).toBe(false);
    },
  );

  it('row 39: with the same key twice is read as its last one, by the digest too, and coerces nothing', async () => {
    const twice = await raw(post('{"channel":"#leadership","channel":"#billing","text":"a","text":"Once."}'));
    expect(twice.json).toMatchObject({ status: 'succeeded', result: { channel: 'C0BILLING1' } });
    expect((await office.posts()).map(({ text }) => text)).toEqual(['Once.']);
    const coerced = await raw(post('{"channel":"#billing","text":7}'));
    expect([coerced.status, coerced.json['code']]).toEqual([400, 'parameters_invalid']);
  });
});

const INJECTIONS = [
  `' or 1=1 --`,
  `'; drop table hub.receipts; --`,
  `") or ("1"="1`,
  `$1::text`,
  `%' or '%'='`,
  `\\'; select pg_sleep(5) --`,
  `' union select null,null --`,
  `{{7*7}}\${7*7}`,
  `../../etc/passwd`,
  `\u0000`,
  `\ud800`,
];

describe('row 40: text that wants to be SQL', () => {
  it.each(INJECTIONS)('is text everywhere: %j', async (text) => {
    const other = await harness.office();
    await other.call('slack.read', { channel: '#billing' });
    const encoded = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '?'));
    const urls = ['run_id', 'employee_id', 'capability', 'outcome', 'cursor', 'limit'].map(
      (name) => `/receipts?${name}=${encoded}`,
    );
    urls.push(`/receipts/${encoded}`, `/capabilities?provider=${encoded}`, `/capabilities?permission=${encoded}`);
    for (const url of urls) {
      const answer = await office.asPerson('GET', url);
      expect([url, answer.status < 500]).toEqual([url, true]);
      expect(answer.text).not.toContain(other.runId);
    }
    const calls = [
      raw({ connection_id: text, parameters: MESSAGE }),
      raw(JSON.stringify({ connection_id: office.connectionId, parameters: { channel: text, text } })),
      raw(post(JSON.stringify(MESSAGE)), { 'idempotency-key': encoded }),
      office.call(encoded, MESSAGE),
    ];
    for (const { status } of await Promise.all(calls)) expect(status).toBeLessThan(500);
    const { rows } = await harness.owner.query('select 1 from hub.receipts where org_id = $1', [other.orgId]);
    expect(rows).toHaveLength(1);
  });
});

describe('row 42: headers of somebody else’s making', () => {
  it('change neither the organisation, nor the person, nor where a request came from', async () => {
    const other = await harness.office();
    const headers = { 'x-org-id': other.orgId, 'x-user-id': 'user_boss', 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6' };
    await other.call('slack.read', { channel: '#billing' });
    expect((await office.asPerson('GET', '/receipts', { headers })).json).toMatchObject({ items: [] });
    expect((await raw({ connection_id: 'conn_none', parameters: MESSAGE }, headers)).status).toBe(403);
    const { rows } = await harness.owner.query(
      `select distinct source from hub.audit where org_id = $1 and actor_type = 'agent'`,
      [office.orgId],
    );
    expect(rows).toEqual([{ source: '127.0.0.1' }]);
  });
});

describe('what must not be seen', () => {
  const everywhere = async () => {
    const { rows: tables } = await harness.owner.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('hub', 'authz', 'core') and table_type = 'BASE TABLE'`,
    );
    const texts = [...harness.traces, await harness.hub.metrics.text()];
    for (const { name } of tables) {
      const { rows } = await harness.owner.query<{ row: string }>(`select row_to_json(t)::text as row from ${name} t`);
      texts.push(...rows.map(({ row }) => row));
    }
    return texts;
  };

  it('row 31: a secret that came as token, header, parameter, address or error of the provider is found nowhere', async () => {
    const { sandbox } = harness.surroundings;
    const secret = `xoxb-${randomBytes(16).toString('hex')}`;
    await raw(post(JSON.stringify(MESSAGE)), { authorization: `Bearer ${secret}` });
    await raw(post(JSON.stringify(MESSAGE)), { 'x-api-key': secret, cookie: `session=${secret}`, 'clancy-run-ticket': secret });
    await raw(post(JSON.stringify(MESSAGE)), { 'idempotency-key': secret });
    await raw(post(JSON.stringify(MESSAGE)), {}, `?access_token=${secret}`);
    await raw(post(JSON.stringify({ ...MESSAGE, [secret]: secret })));
    await raw(post(JSON.stringify({ ...MESSAGE, text: `Our token is ${secret}.` })));
    await raw(`{"connection_id":"${secret}","parameters":{}`);
    for (const error of [secret, `token ${secret} is bad`]) {
      await sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'error', error });
      await raw(post(JSON.stringify(MESSAGE)));
    }
    expect(await office.posts()).toMatchObject([{ text: MESSAGE.text }, { text: `Our token is ${secret}.` }]);
    const texts = await everywhere();
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  });

  it('row 44: line breaks, escapes and reversed text of a provider forge no line of a log and no word of an answer', async () => {
    const { sandbox } = harness.surroundings;
    const words = ['\r\n{"level":60,"msg":"forged"}', '\u001b[2Jforged', '\u202eforged', 'forged\u0000forged'];
    for (const error of words) {
      await sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'error', error });
      const answer = await office.call('slack.post', MESSAGE);
      expect(answer.text).not.toContain('forged');
    }
    expect((await everywhere()).filter((text) => text.includes('forged'))).toEqual([]);
    await office.call('slack.post', { ...MESSAGE, [words[0] ?? '']: 1 });
    const lines = harness.traces
      .filter((text) => text.startsWith('{"level"'))
      .join('')
      .split('\n');
    expect(lines.flatMap((line) => (line === '' ? [] : [JSON.parse(line)])).filter(({ msg }) => msg === 'forged')).toEqual([]);
  });
});

describe('row 58: a database that ends every connection', () => {
  const OURS = `from pg_stat_activity where datname = current_database() and usename = 'hub_runtime'`;

  it('costs the calls that are at it a 503 with a time to come back, and the process nothing', async () => {
    const { owner } = harness;
    await owner.query('begin');
    await owner.query('lock table hub.call_keys in access exclusive mode');
    const calls = Array.from({ length: 4 }, () => office.call('slack.read', { channel: '#billing' }));
    await expect
      .poll(async () => (await owner.query(`select 1 ${OURS} and wait_event_type = 'Lock'`)).rowCount, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(1);
    await owner.query(`select pg_terminate_backend(pid) ${OURS}`);
    await owner.query('rollback');
    const answers = await Promise.all(calls);
    for (const { status, json, headers } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, json['code'], Number(headers['retry-after']) > 0]).toEqual([503, 'dependency_unavailable', true]);
    }
    expect(answers.some(({ status }) => status === 503)).toBe(true);
    expect((await office.call('slack.read', { channel: '#billing' })).status).toBe(200);
  });
});
