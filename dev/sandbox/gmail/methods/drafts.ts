import { z } from 'zod';
import { deliver } from '../deliver.ts';
import { headerOf } from '../mailbox.ts';
import { parseQuery } from '../query.ts';
import { COMPOSE, MODIFY, READ } from '../scopes.ts';
import { listQuery, page, parse } from './input.ts';
import { findMail } from './messages.ts';
import type { GmailMethod } from './method.ts';

const draftBody = z.strictObject({ message: z.strictObject({ raw: z.string() }) });

export const draftsCreate: GmailMethod = {
  name: 'drafts.create',
  verb: 'POST',
  path: '/drafts',
  scopes: [COMPOSE, MODIFY],
  units: 10,
  rawIn: (body) => z.object({ message: z.object({ raw: z.unknown() }) }).safeParse(body).data?.message.raw,
  call({ mailbox, body, mail, recordEffect }) {
    parse(draftBody, body);
    const parsed = mail();
    const stored = deliver(mailbox, parsed, { label: 'DRAFT' });
    const draftId = `r-${stored.id}`;
    mailbox.drafts.set(draftId, stored.id);
    const { to, cc, subject, text } = parsed;
    recordEffect({ draft_id: draftId, message_id: headerOf(stored, 'Message-ID'), id: stored.id, to, cc, subject, text });
    return { id: draftId, message: { id: stored.id, threadId: stored.threadId, labelIds: [...stored.labelIds] } };
  },
};

export const draftsList: GmailMethod = {
  name: 'drafts.list',
  verb: 'GET',
  path: '/drafts',
  scopes: [READ, COMPOSE, MODIFY],
  units: 5,
  call({ mailbox, query, now }) {
    const { q, includeSpamTrash: _everywhere, ...paging } = parse(listQuery, query);
    const isHit = parseQuery(q);
    const hits = [...mailbox.drafts].filter(([, id]) => isHit(findMail(mailbox, id), mailbox, now()));
    const { items, ...next } = page(hits, paging);
    const drafts = items.map(([id, mailId]) => ({ id, message: { id: mailId, threadId: findMail(mailbox, mailId).threadId } }));
    return { ...(drafts.length > 0 && { drafts }), ...next, resultSizeEstimate: hits.length };
  },
};
