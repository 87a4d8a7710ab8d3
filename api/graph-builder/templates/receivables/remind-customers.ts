import type { SkillTemplate } from '../template.ts';
import { remindGraphs, sampleOverdue } from './pieces.ts';
import { CHASE_WORDS, MAIL_WORDS } from './words.ts';

/** Writes a reminder to each customer whose invoice an earlier skill found overdue. */
export const remindCustomers: SkillTemplate = {
  id: 'remind_customers',
  title: 'Remind the customers by email',
  asks: [
    'send each of those customers a friendly reminder by email',
    'write the client a friendly email reminding them',
    'email every customer on the list a payment reminder',
    'follow up with them by email',
  ],
  needs: [MAIL_WORDS, CHASE_WORDS],
  helps: ['customer*', 'client*', 'friendly', 'each', 'every', 'payment', 'invoice*', 'gmail'],
  excludes: ['direct message', 'dm', 'dms', 'slack'],
  slots: [{ name: 'words', kind: 'text', required: false, default: '', question: 'What should the reminder say?' }],
  feeds: [{ from: 'overdue_invoices', input: 'invoices', output: 'invoices', when: '$count({output}) > 0' }],
  askedAfter: 'Look up the overdue invoices in QuickBooks',
  graphs: remindGraphs,
  permissions: ['email.write'],
  allows: [],
  example: {
    text: 'Look up the overdue invoices in QuickBooks. Send each of those customers a friendly reminder by email.',
    slots: { words: '' },
    evaluate: [
      {
        graph: 'sg_remind_customer_v1',
        node: 'word',
        scope: { input: { invoice: sampleOverdue, words: '' } },
        expect:
          'Hello Lockhart & Sons,\n\nour invoice 1042 over 1,200.00 EUR was due on 2026-10-01. Perhaps it slipped through?\n\nIf you have paid in the meantime, please ignore this message.\n\nKind regards',
      },
      {
        graph: 'sg_remind_customer_v1',
        node: 'word',
        scope: { input: { invoice: sampleOverdue, words: 'could you have a look?' } },
        expect:
          'Hello Lockhart & Sons,\n\ncould you have a look?\n\nInvoice 1042, 1,200.00 EUR, due on 2026-10-01.\n\nIf you have paid in the meantime, please ignore this message.\n\nKind regards',
      },
    ],
  },
};
