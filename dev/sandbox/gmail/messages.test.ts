import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf } from '../testing.ts';
import { MODIFY, READ } from './scopes.ts';
import { raw, startGmailHarness } from './testing.ts';
import type { GmailHarness } from './testing.ts';

let h: GmailHarness;
beforeAll(async () => {
  h = await startGmailHarness();
});
afterAll(() => h.close());

const HEADERS = ['To: ada@example.com', 'Subject: =?UTF-8?B?R3LDvMOfZQ==?=', 'Message-ID: <k1@millrace.example>'];
const list = async (token: string, q: string) => (await h.api(token, `messages?${new URLSearchParams({ q }).toString()}`)).body;

describe('sending', () => {
  it('puts the mail into the mailbox and into the log, under its Message-ID', async () => {
    const { mailbox, token } = await h.connect();
    const { body } = await h.api(token, 'messages/send', { raw: raw(HEADERS, 'Hello\r\nAda') });
    expect(body).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{16}$/), labelIds: ['SENT'] });
    expect(await h.control.gmail.effects(mailbox)).toMatchObject([
      {
        method: 'messages.send',
        message_id: '<k1@millrace.example>',
        to: ['ada@example.com'],
        subject: 'Grüße',
        text: 'Hello\nAda',
      },
    ]);
    expect(await list(token, 'rfc822msgid:k1@millrace.example')).toMatchObject({ messages: [{ id: body['id'] }] });
    expect(await list(token, 'rfc822msgid:k2@millrace.example')).toEqual({ resultSizeEstimate: 0 });
  });

  it('may give the mail a Message-ID of Gmail’s own', async () => {
    const { mailbox, token } = await h.connect();
    await h.control.gmail.changeSettings(mailbox, { keeps_message_id: false });
    await h.api(token, 'messages/send', { raw: raw(HEADERS) });
    expect((await h.control.gmail.effects(mailbox))[0]?.message_id).toMatch(/@mail\.gmail\.com>$/);
    expect(await list(token, 'rfc822msgid:k1@millrace.example')).toEqual({ resultSizeEstimate: 0 });
  });

  it.each([
    ['no recipient', { raw: raw(['Subject: x']) }],
    ['two subjects', { raw: raw([...HEADERS, 'Subject: y']) }],
    ['what is no base64url', { raw: 'a+b/' }],
    ['an attachment', { raw: raw([...HEADERS, 'Content-Type: application/pdf', 'Content-Disposition: attachment']) }],
    ['a misspelt field', { raw: raw(HEADERS), thread_id: 'x' }],
    ['a thread that is not there', { raw: raw(HEADERS), threadId: 'ffffffffffffffff' }],
  ])('refuses %s and sends nothing', async (_name, body) => {
    const { mailbox, token } = await h.connect();
    expect([400, 404]).toContain((await h.api(token, 'messages/send', body)).status);
    expect(await h.control.gmail.effects(mailbox)).toEqual([]);
  });

  it('takes a reply only where its references name the thread', async () => {
    const { mailbox, token } = await h.connect();
    const { thread_id: threadId } = await h.control.gmail.receive(mailbox, {
      from: 'ada@example.com',
      subject: 'Grüße',
      text: 'Hi',
    });
    const { body } = await h.api(token, `threads/${threadId}`);
    const [mail] = body['messages'] as { payload: { headers: { name: string; value: string }[] } }[];
    const id = mail?.payload.headers.find(({ name }) => name === 'Message-ID')?.value ?? '';
    const answering = [...HEADERS, `In-Reply-To: ${id}`, `References: ${id}`];
    expect((await h.api(token, 'messages/send', { raw: raw(HEADERS), threadId })).status).toBe(400);
    const other = answering.with(1, 'Subject: Other');
    expect((await h.api(token, 'messages/send', { raw: raw(other), threadId })).status).toBe(400);
    expect((await h.api(token, 'messages/send', { raw: raw(answering), threadId })).body).toMatchObject({ threadId });
  });

  it('can be held between effect and answer, and spoilt', async () => {
    const { mailbox, token } = await h.connect();
    const barrier = await h.control.barrier({ team: mailbox, method: 'messages.send' });
    const sending = outcomeOf(h.api(token, 'messages/send', { raw: raw(HEADERS) }));
    await barrier.waitUntilHeld();
    expect(await h.control.gmail.effects(mailbox)).toHaveLength(1);
    await barrier.release('drop');
    expect(await sending).toBe('lost');
    await h.control.inject({ team: mailbox, method: 'messages.send', kind: 'error', error: 'userRateLimitExceeded' });
    expect(await h.api(token, 'messages/send', { raw: raw(HEADERS) })).toMatchObject({
      status: 403,
      body: { error: { errors: [{ reason: 'userRateLimitExceeded' }] } },
    });
  });
});

describe('a mailbox', () => {
  it('counts each change, tells labels, and puts them on once', async () => {
    const { mailbox, token } = await h.connect();
    const { id } = await h.control.gmail.receive(mailbox, { from: 'ada@example.com', subject: 'Hi', text: 'Hi' });
    const historyId = async () => Number((await h.api(token, 'profile')).body['historyId']);
    const before = await historyId();
    const add = (label: string) => h.api(token, `messages/${id}/modify`, { addLabelIds: [label] });
    expect((await add('Label_1')).body).toMatchObject({ labelIds: ['INBOX', 'UNREAD', 'Label_1'] });
    await add('Label_1');
    expect(await historyId()).toBe(before + 1);
    expect(await h.control.gmail.effects(mailbox)).toMatchObject([{ method: 'messages.modify', id, added: ['Label_1'] }]);
    expect((await add('Label_99')).status).toBe(400);
    expect((await h.api(token, 'labels')).body['labels']).toContainEqual({ id: 'Label_1', name: 'Handled', type: 'user' });
  });

  it('keeps drafts apart from what was sent', async () => {
    const { mailbox, token } = await h.connect();
    const { body } = await h.api(token, 'drafts', { message: { raw: raw(HEADERS) } });
    const found = await h.api(token, 'drafts?q=rfc822msgid:k1@millrace.example');
    expect(found.body).toMatchObject({ drafts: [{ id: body['id'] }] });
    expect(await list(token, 'in:sent')).toEqual({ resultSizeEstimate: 0 });
    expect(await h.control.gmail.effects(mailbox)).toMatchObject([{ method: 'drafts.create', draft_id: body['id'] }]);
  });

  it('asks for a scope, and for a method that there is', async () => {
    const { token } = await h.connect({ untick: [READ, MODIFY] });
    expect(await h.api(token, 'messages')).toMatchObject({
      status: 403,
      body: { error: { errors: [{ reason: 'insufficientPermissions' }] } },
    });
    expect((await h.api('ya29.nobody', 'messages')).status).toBe(401);
    expect((await h.api(token, 'settings')).status).toBe(404);
  });

  it('says when the minute’s units are spent', async () => {
    const { mailbox, token } = await h.connect();
    await h.control.gmail.changeSettings(mailbox, { quota: 100 });
    expect((await h.api(token, 'messages/send', { raw: raw(HEADERS) })).status).toBe(200);
    expect(await h.api(token, 'profile')).toMatchObject({
      status: 403,
      body: { error: { errors: [{ reason: 'userRateLimitExceeded' }] } },
    });
  });
});

describe('the search', () => {
  it.each([
    ['from:rosa@harbourcafe.example', 2],
    ['from:"Rosa Lind" subject:invoice', 2],
    ['invoice -subject:re', 1],
    ['newer_than:1d', 2],
    ['older_than:1d is:unread', 2],
    ['has:attachment', 1],
    ['label:handled', 0],
    ['in:inbox', 4],
    ['catalogues', 1],
  ])('%s finds %i', async (q, count) => {
    const { token } = await h.connect();
    expect((await list(token, q))['resultSizeEstimate']).toBe(count);
  });

  it.each(['larger:5M', 'from:a OR from:b', '{a b}', 'is:chat', 'newer_than:soon'])(
    'refuses %s, which it does not know',
    async (q) => {
      const { token } = await h.connect();
      expect(await list(token, q)).toMatchObject({ error: { code: 400 } });
    },
  );

  it('gives its pages newest first', async () => {
    const { token } = await h.connect();
    const page = async (from: string) => (await h.api(token, `messages?maxResults=3${from}`)).body;
    const first = await page('');
    const second = await page(`&pageToken=${first['nextPageToken'] as string}`);
    expect(second).not.toHaveProperty('nextPageToken');
    const ids = [first, second].flatMap(({ messages }) => (messages as { id: string }[]).map(({ id }) => id));
    expect(ids).toHaveLength(4);
    expect(ids).toEqual(ids.toSorted().toReversed());
  });
});
