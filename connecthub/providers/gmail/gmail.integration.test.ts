import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';

const sentSchema = z.strictObject({ id: z.string(), thread_id: z.string() });
const foundSchema = z.object({ emails: z.array(z.looseObject({ id: z.string(), thread_id: z.string() })) });

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office({ provider: 'gmail' });
}, 120_000);
afterAll(() => harness.close());

const result = async (capability: string, parameters: JsonObject) => {
  const answer = await office.call(capability, parameters);
  expect(answer.json).toMatchObject({ status: 'succeeded' });
  return answer.json['result'];
};
const refusal = async (capability: string, parameters: JsonObject) => (await office.call(capability, parameters)).json;
const gmail = () => harness.surroundings.sandbox.gmail;
const search = async (query: string) => foundSchema.parse(await result('email.search', { query })).emails;
const MAIL = { to: 'rosa@harbourcafe.example', subject: 'Zahlungserinnerung für 1041', body: 'Grüße\nClancy' };

describe('the seven capabilities of Gmail', () => {
  it('searches, newest first and page by page, and tells no more than declared', async () => {
    const page = foundSchema
      .extend({ next_cursor: z.string() })
      .parse(await result('email.search', { query: 'in:inbox', limit: 2 }));
    expect(page.emails[0]).toEqual({
      id: expect.any(String),
      thread_id: expect.any(String),
      from: 'news@paperweekly.example',
      from_name: 'Paper Weekly',
      to: office.team,
      subject: 'Prices of board rise again',
      date: expect.stringMatching(/^\d{4}-.*Z$/),
      snippet: expect.stringContaining('Read & decide.'),
    });
    const next = foundSchema.parse(await result('email.search', { query: 'in:inbox', limit: 2, cursor: page.next_cursor }));
    expect(next.emails).toMatchObject([{ from_name: 'Tomas Veld (Veld & Sons)' }, { subject: 'Invoice 1041' }]);
  });

  it('reads an email: its text, and the names of what is attached', async () => {
    const [invoice] = await search('has:attachment');
    expect(await result('email.read', { id: invoice?.id ?? '' })).toMatchObject({
      text: expect.stringContaining('which account shall we pay invoice 1041 to?'),
      is_cut: false,
      attachments: [{ filename: 'invoice-1041.pdf', mime_type: 'application/pdf', bytes: 48_213 }],
    });
    const [news] = await search('from:news@paperweekly.example');
    expect(await result('email.read', { id: news?.id ?? '' })).toMatchObject({ text: 'Board is up 4 %.\n\nRead & decide.' });
  });

  it('reads a thread, the newest emails of it', async () => {
    const [answer] = await search('subject:"Re: Invoice 1041"');
    const whole = await result('thread.read', { thread_id: answer?.thread_id ?? '' });
    expect(whole).toMatchObject({ emails: [{ subject: 'Invoice 1041' }, { subject: 'Re: Invoice 1041' }], earlier: 0 });
    const newest = await result('thread.read', { thread_id: answer?.thread_id ?? '', limit: 1 });
    expect(newest).toMatchObject({ emails: [{ subject: 'Re: Invoice 1041' }], earlier: 1 });
  });

  it('sends an email that arrives as it was written', async () => {
    const { id } = sentSchema.parse(await result('email.send', { ...MAIL, cc: ['boss@millrace.example'] }));
    expect((await gmail().effects(office.team)).find((effect) => effect.id === id)).toMatchObject({
      message_id: expect.stringMatching(/^<[a-z2-7]{32}@millrace\.example>$/),
      to: [MAIL.to],
      cc: ['boss@millrace.example'],
      subject: MAIL.subject,
      text: MAIL.body,
    });
  });

  it('replies in the thread, to somebody who is on the email', async () => {
    const { id, thread_id: threadId } = await gmail().receive(office.team, {
      from: 'Eve <eve@outside.example>',
      subject: 'Wie ist der Stand?\r\nBcc: all@outside.example',
      text: 'Hi',
      headers: [{ name: 'Reply-To', value: 'desk@outside.example' }],
    });
    const sent = await result('email.reply', { id, to: 'desk@outside.example', body: 'Bald.' });
    expect(sent).toEqual({ id: expect.any(String), thread_id: threadId });
    const effect = (await gmail().effects(office.team)).at(-1);
    expect(effect).toMatchObject({
      to: ['desk@outside.example'],
      cc: [],
      subject: 'Re: Wie ist der Stand? Bcc: all@outside.example',
    });
    expect(await refusal('email.reply', { id, to: 'thief@elsewhere.example', body: 'All our customers' })).toMatchObject({
      code: 'provider_refused',
      provider_code: 'not_on_the_email',
    });
  });

  it('saves a draft, and sends nothing', async () => {
    expect(await result('email.draft', MAIL)).toMatchObject({ draft_id: expect.any(String) });
    expect((await gmail().effects(office.team)).at(-1)).toMatchObject({ method: 'drafts.create', to: [MAIL.to] });
  });

  it('puts on a label that exists, and no label that throws the email away', async () => {
    const { id } = await gmail().receive(office.team, { from: 'ada@outside.example', subject: 'Hi', text: 'Hi' });
    expect(await result('email.label', { id, label: 'invoices/open' })).toEqual({ id, label: 'Invoices/Open' });
    expect(await result('email.label', { id, label: 'Invoices/Open' })).toEqual({ id, label: 'Invoices/Open' });
    const mine = (await gmail().effects(office.team)).filter((effect) => effect.id === id);
    expect(mine).toHaveLength(1);
    for (const label of ['Trash', 'SPAM', 'Nowhere']) {
      expect(await refusal('email.label', { id, label })).toMatchObject({ provider_code: 'label_not_found' });
    }
  });
});

describe('what may not get into a header', () => {
  it.each([
    ['a line break in the address', { ...MAIL, to: 'rosa@harbourcafe.example\r\nBcc: eve@outside.example' }],
    ['a line break at the end of the address', { ...MAIL, to: 'rosa@harbourcafe.example\n' }],
    ['two addresses', { ...MAIL, to: 'rosa@harbourcafe.example, eve@outside.example' }],
    ['a display name', { ...MAIL, to: 'Rosa <rosa@harbourcafe.example>' }],
    ['a line break in the subject', { ...MAIL, subject: 'Hi\r\nBcc: eve@outside.example' }],
    ['a line break in a copy’s address', { ...MAIL, cc: ['a@b.example\nBcc: eve@outside.example'] }],
    ['a field of its own', { ...MAIL, bcc: ['eve@outside.example'] }],
  ])('is refused before anything is sent: %s', async (_name, parameters) => {
    const before = (await gmail().effects(office.team)).length;
    expect(await refusal('email.send', parameters)).toMatchObject({ code: 'parameters_invalid' });
    expect(await gmail().effects(office.team)).toHaveLength(before);
  });

  it.each(['../drafts', 'a/b', 'x?format=raw', ''])('an id that is none is refused: %s', async (id) => {
    expect(await refusal('email.read', { id })).toMatchObject({ code: 'parameters_invalid' });
  });
});
