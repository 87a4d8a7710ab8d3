import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonAnswer, type Answer } from '../core/answer.ts';
import type { DeskAccount, Ticket } from './accounts.ts';

export interface DeskCall {
  account: DeskAccount;
  id: string;
  query: URLSearchParams;
  body: unknown;
  now: () => number;
  /** Notes what the call has really done. */
  record: (details: { [name: string]: unknown }) => void;
}

interface DeskMethod {
  verb: 'GET' | 'POST' | 'DELETE';
  path: string;
  run: (call: DeskCall) => Answer;
}

const newTicket = z.strictObject({
  subject: z.string().min(1).max(200),
  body: z.string().max(10_000).optional(),
  priority: z.enum(['low', 'normal', 'high']).default('normal'),
  labels: z.array(z.string()).max(20).default([]),
});
const newComment = z.strictObject({ text: z.string().min(1).max(2_000) });

/** As `openapi.yaml` beside this file says, by operation id. */
export const METHODS: { readonly [operationId: string]: DeskMethod } = {
  getMe: { verb: 'GET', path: '/me', run: ({ account: { id, name } }) => jsonAnswer(200, { id, name }) },
  listTickets: {
    verb: 'GET',
    path: '/tickets',
    run: ({ account, query }) => {
      const labels = query.getAll('label');
      const isWanted = (one: Ticket): boolean =>
        (query.get('status') ?? one.status) === one.status && labels.every((label) => one.labels.includes(label));
      const tickets = [...account.tickets.values()].reverse().filter(isWanted);
      return jsonAnswer(200, { tickets: tickets.slice(0, Number(query.get('limit') ?? 100)) });
    },
  },
  createTicket: {
    verb: 'POST',
    path: '/tickets',
    run: ({ account, body, now, record }) => {
      const wanted = newTicket.safeParse(body);
      if (!wanted.success) return problem(422, 'not_a_ticket');
      const id = `t${randomBytes(4).toString('hex')}`;
      const { data } = wanted;
      const at = new Date(now()).toISOString();
      const ticket: Ticket = {
        id,
        ...data,
        body: data.body ?? null,
        status: 'open',
        comments: [],
        created_at: at,
        internal_note: 'vip',
      };
      account.tickets.set(id, ticket);
      record({ ticket: id, subject: ticket.subject });
      return jsonAnswer(201, ticket);
    },
  },
  getTicket: { verb: 'GET', path: '/tickets/:id', run: (call) => withTicket(call, (ticket) => jsonAnswer(200, ticket)) },
  deleteTicket: {
    verb: 'DELETE',
    path: '/tickets/:id',
    run: (call) =>
      withTicket(call, ({ id }) => {
        call.account.tickets.delete(id);
        call.record({ ticket: id });
        return { status: 204, headers: {}, body: '' };
      }),
  },
  addComment: {
    verb: 'POST',
    path: '/tickets/:id/comments',
    run: (call) =>
      withTicket(call, (ticket) => {
        const wanted = newComment.safeParse(call.body);
        if (!wanted.success) return problem(422, 'not_a_comment');
        ticket.comments.push(wanted.data.text);
        call.record({ ticket: ticket.id, text: wanted.data.text });
        return jsonAnswer(201, { id: `${ticket.id}-${ticket.comments.length}`, text: wanted.data.text });
      }),
  },
};

function withTicket(call: DeskCall, run: (ticket: Ticket) => Answer): Answer {
  const ticket = call.account.tickets.get(call.id);
  return ticket ? run(ticket) : problem(404, 'no_such_ticket');
}

export function problem(status: number, code: string): Answer {
  return jsonAnswer(status, { error: code });
}
