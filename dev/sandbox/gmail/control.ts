import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, parseInput } from '../control/errors.ts';
import type { Mailbox } from './mailbox.ts';
import type { Mailboxes } from './mailboxes.ts';
import { incomingSchema, settingsSchema } from './wire.ts';

/** Controls that only Gmail has: a mailbox's settings, and what arrives in it. */
export function registerGmailControls(app: FastifyInstance, mailboxes: Mailboxes): void {
  const find = (params: unknown): Mailbox => {
    const { team } = parseInput(z.strictObject({ team: z.string() }), params);
    const mailbox = mailboxes.find(team);
    if (mailbox === undefined) throw new ControlError(404, `no mailbox ${team}`);
    return mailbox;
  };
  app.patch('/mailboxes/:team/settings', (request, reply) => {
    const mailbox = find(request.params);
    const settings = parseInput(settingsSchema, request.body);
    mailbox.tokenLifetimeS = settings.expires_in ?? mailbox.tokenLifetimeS;
    mailbox.keepsMessageId = settings.keeps_message_id ?? mailbox.keepsMessageId;
    mailbox.quota = settings.quota ?? mailbox.quota;
    if (settings.forgets_history === true) mailbox.forgottenBefore = mailbox.historyId + 1;
    return reply.code(204).send();
  });
  app.get('/mailboxes/:team/watch', (request) => ({ watch: find(request.params).watch }));
  app.post('/mailboxes/:team/mails', (request, reply) => {
    const mailbox = find(request.params);
    const { from, subject, text, html, headers, thread_id: threadId } = parseInput(incomingSchema, request.body);
    const mail = mailbox.add({
      headers: [
        { name: 'From', value: from },
        { name: 'To', value: mailbox.address },
        { name: 'Subject', value: subject },
        { name: 'Message-ID', value: `<${randomUUID()}@outside.example>` },
        ...headers,
      ],
      text,
      labels: ['INBOX', 'UNREAD'],
      ...(html !== undefined && { html }),
      ...(threadId !== undefined && { threadId }),
    });
    return reply.code(201).send({ id: mail.id, thread_id: mail.threadId });
  });
}
