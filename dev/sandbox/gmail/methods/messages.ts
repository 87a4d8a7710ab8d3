import { z } from 'zod';
import { invalid, notFound } from '../../google/errors.ts';
import { headerOf } from '../mailbox.ts';
import type { Mailbox, StoredMail } from '../mailbox.ts';
import { parseQuery } from '../query.ts';
import { renderMail } from '../render.ts';
import { COMPOSE, MODIFY, READ, SEND } from '../scopes.ts';
import { deliver } from '../deliver.ts';
import { listQuery, page, parse } from './input.ts';
import type { GmailMethod } from './method.ts';

export function findMail(mailbox: Mailbox, id: string): StoredMail {
  const mail = mailbox.mails.get(id);
  if (mail === undefined) throw notFound(id);
  return mail;
}

const isThrownAway = (mail: StoredMail) => mail.labelIds.has('SPAM') || mail.labelIds.has('TRASH');

/** Newest first, ids only. Without a hit the list is left out. */
export const messagesList: GmailMethod = {
  name: 'messages.list',
  verb: 'GET',
  path: '/messages',
  scopes: [READ, MODIFY],
  units: 5,
  call({ mailbox, query, now }) {
    const { q, includeSpamTrash, ...paging } = parse(listQuery, query);
    const isHit = parseQuery(q);
    const hits = [...mailbox.mails.values()]
      .filter((mail) => (includeSpamTrash === 'true' || !isThrownAway(mail)) && isHit(mail, mailbox, now()))
      .sort((a, b) => b.receivedMs - a.receivedMs || b.historyId - a.historyId);
    const { items, ...next } = page(hits, paging);
    const messages = items.map(({ id, threadId }) => ({ id, threadId }));
    return { ...(messages.length > 0 && { messages }), ...next, resultSizeEstimate: hits.length };
  },
};

export const formatQuery = z.strictObject({ format: z.enum(['full', 'metadata', 'minimal']).default('full') });

export const messagesGet: GmailMethod = {
  name: 'messages.get',
  verb: 'GET',
  path: '/messages/:id',
  scopes: [READ, MODIFY],
  units: 5,
  call: ({ mailbox, id, query }) => renderMail(findMail(mailbox, id), parse(formatQuery, query).format),
};

const sendBody = z.strictObject({ raw: z.string(), threadId: z.string().optional() });

export const messagesSend: GmailMethod = {
  name: 'messages.send',
  verb: 'POST',
  path: '/messages/send',
  scopes: [SEND, COMPOSE, MODIFY],
  units: 100,
  rawIn: (body) => z.object({ raw: z.unknown() }).safeParse(body).data?.raw,
  call({ mailbox, body, mail, recordEffect }) {
    const { threadId } = parse(sendBody, body);
    const parsed = mail();
    if (threadId !== undefined) requireThread(mailbox, threadId, parsed);
    const sent = deliver(mailbox, parsed, { label: 'SENT', threadId });
    const { to, cc, subject, text, attachments } = parsed;
    const { id, threadId: thread_id } = sent;
    recordEffect({ message_id: headerOf(sent, 'Message-ID'), id, thread_id, to, cc, subject, text, attachments });
    return { id: sent.id, threadId: sent.threadId, labelIds: [...sent.labelIds] };
  },
};

/**
 * Gmail puts a mail into a thread when the thread's id is given, its references name the thread and the subjects match
 * (https://developers.google.com/workspace/gmail/api/guides/threads). Where that fails it begins another; here it is refused.
 */
function requireThread(
  mailbox: Mailbox,
  threadId: string,
  sent: { references: string[]; inReplyTo: string | null; subject: string },
): void {
  const thread = [...mailbox.mails.values()].filter((mail) => mail.threadId === threadId);
  if (thread.length === 0) throw notFound(threadId);
  const ids = thread.map((mail) => headerOf(mail, 'Message-ID'));
  if (sent.inReplyTo === null || !ids.includes(sent.inReplyTo) || !sent.references.includes(sent.inReplyTo)) {
    throw invalid('the references name no mail of the thread');
  }
  const bare = (subject: string | null) => (subject ?? '').replaceAll(/\s+/g, ' ').replace(/^(re: ?)+/i, '');
  if (!thread.some((mail) => bare(headerOf(mail, 'Subject')) === bare(sent.subject)))
    throw invalid('the subject is not the thread’s');
}

const modifyBody = z.strictObject({
  addLabelIds: z.array(z.string()).default([]),
  removeLabelIds: z.array(z.string()).default([]),
});

export const messagesModify: GmailMethod = {
  name: 'messages.modify',
  verb: 'POST',
  path: '/messages/:id/modify',
  scopes: [MODIFY],
  units: 5,
  call({ mailbox, id, body, recordEffect }) {
    const mail = findMail(mailbox, id);
    const { addLabelIds, removeLabelIds } = parse(modifyBody, body);
    const unknown = [...addLabelIds, ...removeLabelIds].find((label) => !mailbox.labels.has(label));
    if (unknown !== undefined) throw invalid(`labelId not found: ${unknown}`);
    const added = addLabelIds.filter((label) => !mail.labelIds.has(label));
    const removed = removeLabelIds.filter((label) => mail.labelIds.has(label));
    for (const label of added) mail.labelIds.add(label);
    for (const label of removed) mail.labelIds.delete(label);
    if (added.length + removed.length > 0) {
      mailbox.touch(mail);
      recordEffect({ id, message_id: headerOf(mail, 'Message-ID'), added, removed });
    }
    return renderMail(mail, 'minimal');
  },
};
