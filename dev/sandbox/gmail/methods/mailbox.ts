import { notFound } from '../../google/errors.ts';
import { renderMail } from '../render.ts';
import { COMPOSE, MODIFY, READ } from '../scopes.ts';
import { parse } from './input.ts';
import { formatQuery } from './messages.ts';
import type { GmailMethod } from './method.ts';

export const profileGet: GmailMethod = {
  name: 'profile.get',
  verb: 'GET',
  path: '/profile',
  scopes: [READ, COMPOSE, MODIFY],
  units: 1,
  call: ({ mailbox }) => ({
    emailAddress: mailbox.address,
    messagesTotal: mailbox.mails.size,
    threadsTotal: new Set([...mailbox.mails.values()].map(({ threadId }) => threadId)).size,
    historyId: String(mailbox.historyId),
  }),
};

export const labelsList: GmailMethod = {
  name: 'labels.list',
  verb: 'GET',
  path: '/labels',
  scopes: [READ, MODIFY],
  units: 1,
  call: ({ mailbox }) => ({ labels: [...mailbox.labels.values()] }),
};

export const threadsGet: GmailMethod = {
  name: 'threads.get',
  verb: 'GET',
  path: '/threads/:id',
  scopes: [READ, MODIFY],
  units: 10,
  call({ mailbox, id, query }) {
    const { format } = parse(formatQuery, query);
    const mails = [...mailbox.mails.values()]
      .filter(({ threadId }) => threadId === id)
      .sort((a, b) => a.receivedMs - b.receivedMs);
    if (mails.length === 0) throw notFound(id);
    const historyId = String(Math.max(...mails.map((mail) => mail.historyId)));
    return { id, historyId, messages: mails.map((mail) => renderMail(mail, format)) };
  },
};
