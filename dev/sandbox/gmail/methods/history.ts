import { z } from 'zod';
import { invalid, notFound } from '../../google/errors.ts';
import { MODIFY, READ } from '../scopes.ts';
import { page, parse } from './input.ts';
import type { GmailMethod } from './method.ts';

const historyQuery = z.strictObject({
  startHistoryId: z.string().regex(/^\d{1,20}$/),
  historyTypes: z.literal('messageAdded'),
  labelId: z.string().optional(),
  maxResults: z.coerce.number().int().min(1).max(500).default(100),
  pageToken: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
});

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list: 404 where it no longer reaches back. */
export const historyList: GmailMethod = {
  name: 'history.list',
  verb: 'GET',
  path: '/history',
  scopes: [READ, MODIFY],
  units: 2,
  call({ mailbox, query }) {
    const { startHistoryId, labelId, historyTypes: _types, ...paging } = parse(historyQuery, query);
    const start = Number(startHistoryId);
    if (start < mailbox.forgottenBefore) throw notFound(startHistoryId);
    const records = mailbox.added.filter(
      ({ historyId, mail }) => historyId > start && (labelId === undefined || mail.labelIds.has(labelId)),
    );
    const { items, ...next } = page(records, paging);
    const history = items.map(({ historyId, mail: { id, threadId, labelIds } }) => {
      const message = { id, threadId, labelIds: [...labelIds] };
      return { id: String(historyId), messages: [{ id, threadId }], messagesAdded: [{ message }] };
    });
    return { ...(history.length > 0 && { history }), ...next, historyId: String(mailbox.historyId) };
  },
};

const watchBody = z.strictObject({
  topicName: z.string(),
  labelIds: z.array(z.string()).default([]),
  labelFilterBehavior: z.enum(['INCLUDE', 'EXCLUDE']).default('INCLUDE'),
});
const SEVEN_DAYS_MS = 7 * 86_400_000;

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/watch */
export const watch: GmailMethod = {
  name: 'watch',
  verb: 'POST',
  path: '/watch',
  scopes: [READ, MODIFY],
  units: 100,
  call({ mailbox, body, now }) {
    const { topicName } = parse(watchBody, body);
    if (!/^projects\/[^/]+\/topics\/[^/]+$/.test(topicName)) throw invalid('Invalid topicName');
    mailbox.watch = { topic: topicName, endsAtMs: now() + SEVEN_DAYS_MS };
    return { historyId: String(mailbox.historyId), expiration: String(mailbox.watch.endsAtMs) };
  },
};
