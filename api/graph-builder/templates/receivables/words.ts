import type { TemplateSlot } from '../template.ts';

/** What people call money that is late. */
export const OVERDUE_WORDS = [
  'overdue',
  'past due',
  'unpaid',
  'outstanding',
  'late invoice*',
  'open invoice*',
  'late payer*',
  'owe',
  'owes',
  'days late',
  'weeks late',
];
/** What people call writing to customers about it. */
export const CHASE_WORDS = ['remind*', 'chase', 'chases', 'chasing', 'dunning', 'nudge*', 'follow up', 'follow-up*'];
export const MAIL_WORDS = ['email*', 'e-mail*', 'mail', 'mails', 'mailing', 'gmail', 'write*', 'reminder*'];

/** Of these there are reports of their own. */
export const NOT_OVERDUE = [
  'an answer',
  'a reply',
  'an explanation',
  'belong*',
  'the open invoice',
  'that invoice',
  'it names',
  'aged',
  'aging',
  'ageing',
  'by age',
  'debtor*',
  'receivables',
  'who owes',
  'owe us most',
  'open balance*',
  'outstanding balance*',
  'biggest open',
  'statement*',
  'unapplied',
  'unmatched',
  'payments',
];

/** Which overdue invoices are meant. */
export const overdueSlots: TemplateSlot[] = [
  { name: 'min_balance', kind: 'money', required: false, default: 0, question: 'From which amount on?' },
  { name: 'min_days', kind: 'days_late', required: false, default: 1, question: 'From how many days late on?' },
];

/** How the reminders are written. */
export const remindSlots: TemplateSlot[] = [
  { name: 'words', kind: 'text', required: false, default: '', question: 'What should the reminder say?' },
  { name: 'max_reminders', kind: 'times', required: false, default: 0, question: 'How many reminders may one invoice have?' },
];
