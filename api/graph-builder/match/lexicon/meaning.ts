/**
 * The few things that business English can ask for, as far as software can do it. Every verb and noun of `lexicon/` stands
 * for one of them, so that "chase", "dun", "nudge" and a misspelt "remnid" are one and the same to a template.
 */
export type Action =
  /** Find, list, check, read, go through, review, watch, count, compare. */
  | 'look'
  /** Sum up, digest, recap, report on, compile. */
  | 'summarise'
  /** Post, message, notify, announce, share, alert, warn, say: words to people. */
  | 'tell'
  /** Ask people something and expect their answer. */
  | 'ask'
  /** Answer, reply, respond to something that came in. */
  | 'answer'
  /** Chase, dun, nudge, nag, follow up: words about something that is owed. */
  | 'remind'
  /** Make a record: issue, raise, open, enter, book, log, register, add. */
  | 'create'
  /** Send a record that exists (an invoice, a file) or an e-mail. */
  | 'send'
  /** Prepare words without sending them. */
  | 'draft'
  /** Label, tag, sort, file, categorise. */
  | 'label'
  /** Put an emoji on something. */
  | 'react'
  /** Greet, onboard. */
  | 'welcome'
  /** Update, edit, move, reschedule, rename. */
  | 'change'
  /** Close, resolve. */
  | 'close'
  /** Cancel, delete, remove, void. */
  | 'cancel'
  /** Comment on a record. */
  | 'comment'
  /** Hand money over: pay, transfer. */
  | 'pay'
  /** Give money back. */
  | 'refund'
  /** Arrange a meeting, find a time. */
  | 'schedule';

export type Thing =
  /** An invoice that we send to a customer. */
  | 'invoice'
  /** Invoices past due, open balances, what customers owe. */
  | 'overdue'
  /** What customers owe, by age. */
  | 'aged_receivables'
  /** A bill that a supplier sends to us. */
  | 'bill'
  /** A client, a donor, an account of the books. */
  | 'customer'
  /** Money that came in. */
  | 'payment'
  /** Profit and loss, margin, monthly figures. */
  | 'profit'
  | 'refund'
  | 'payment_link'
  /** An e-mail, the inbox. */
  | 'mail'
  | 'mail_thread'
  /** A message in Slack. */
  | 'message'
  | 'thread'
  | 'channel'
  /** Somebody in Slack, a colleague. */
  | 'person'
  | 'newcomer'
  /** What somebody asks, and what comes back. */
  | 'question'
  | 'reply'
  | 'lead'
  /** A meeting, an appointment. */
  | 'event'
  | 'free_time'
  | 'issue'
  | 'pull_request'
  | 'repository'
  | 'file'
  /** Words about something: a digest, an overview, a list. */
  | 'summary'
  | 'emoji';

/** Where a thing is, or where words go. `person` is a direct message in Slack, `mail` an e-mail. */
export type Place = 'channel' | 'thread' | 'person' | 'mail' | 'books' | 'calendar' | 'github' | 'stripe';

/** What a template does: one of the actions, done to one of the objects, with one of the places; absent = any. */
export interface DoingPattern {
  action: Action | readonly Action[];
  object?: Thing | readonly Thing[];
  to?: Place | readonly Place[];
}
