import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGmailHarness, type GmailHarness } from '../../../dev/sandbox/gmail/testing.ts';
import { gmail } from '../gmail.ts';
import { emailSend } from './send.ts';

let sandbox: GmailHarness;
beforeAll(async () => {
  sandbox = await startGmailHarness();
});
afterAll(() => sandbox.close());

const MAIL = { to: 'ada@example.com', subject: 'The report', body: 'Here it is.' };
const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

function requestFor(content: Buffer, size = 1) {
  const blob = hashOf(content);
  const attachments = Array.from({ length: size }, () => ({ blob, name: 'all.bin', media_type: 'application/x-any' }));
  const context = { nativeKey: 'k'.repeat(32), accountId: 'bo@example.com', files: new Map([[blob, content]]) };
  return emailSend.request({ ...MAIL, attachments }, context);
}

it('a mail with a file goes to the address for uploads, and arrives as it was written', async () => {
  const { mailbox, token } = await sandbox.connect();
  const content = randomBytes(300_000);
  const { verb, path, headers, body } = gmail.toHttp(requestFor(content));
  expect(new URL(`${gmail.addresses.api}${path}`).href).toBe(
    'https://gmail.googleapis.com/upload/gmail/v1/users/me/messages/send?uploadType=media',
  );
  const api = `${sandbox.url}${new URL(gmail.addresses.api).pathname}`;
  const sent = { method: verb, headers: { ...headers, authorization: `Bearer ${token}` }, ...(body && { body }) };
  const answer = await fetch(`${api}${path}`, sent);
  expect([answer.status, await answer.json()]).toMatchObject([200, { labelIds: ['SENT'] }]);
  expect(await sandbox.control.gmail.effects(mailbox)).toMatchObject([
    {
      message_id: `<${'k'.repeat(32)}@example.com>`,
      subject: MAIL.subject,
      text: MAIL.body,
      attachments: [{ filename: 'all.bin', mimeType: 'application/x-any', bytes: content.length, sha256: hashOf(content) }],
    },
  ]);
});

it('a mail that would be larger than 25 MB, encoded, is refused before anything is made of it', () => {
  expect(() => requestFor(Buffer.alloc(9_700_000), 2)).toThrow(expect.objectContaining({ code: 'parameters_invalid' }));
  expect(() => requestFor(Buffer.alloc(9_000_000), 2)).not.toThrow();
});
