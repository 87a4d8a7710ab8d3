import type { SkillTemplate } from '../template.ts';
import { remindGraphs, sampleOverdue } from './pieces.ts';
import { CHASE_WORDS, MAIL_WORDS, remindSlots } from './words.ts';

/** Writes a reminder to each customer whose invoice an earlier skill found overdue. */
export const remindCustomers: SkillTemplate = {
  id: 'remind_customers',
  title: 'Remind the customers by email',
  asks: [
    'send each of those customers a friendly reminder by email',
    'mail those clients a polite payment reminder',
    'email every customer on the list a payment reminder',
    'follow up with them by email',
  ],
  needs: [MAIL_WORDS, CHASE_WORDS],
  helps: ['customer*', 'client*', 'friendly', 'each', 'every', 'payment', 'invoice*', 'gmail'],
  excludes: ['direct message', 'dm', 'dms', 'slack'],
  slots: remindSlots,
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
        scope: { input: { invoice: sampleOverdue, words: '', earlier: 0, tone: 'friendly' } },
        expect:
          'Hello Lockhart & Sons,\n\nour invoice 1042 over 1,200.00 EUR was due on 2026-10-01. Perhaps it slipped through?\n\nIf you have paid in the meantime, please ignore this message.\n\nKind regards',
      },
      {
        graph: 'sg_remind_customer_v1',
        node: 'word',
        scope: { input: { invoice: sampleOverdue, words: 'could you have a look?', earlier: 1, tone: 'firm' } },
        expect:
          'Hello Lockhart & Sons,\n\ncould you have a look?\n\nInvoice 1042, 1,200.00 EUR, due on 2026-10-01.\n\nIf you have paid in the meantime, please ignore this message.\n\nKind regards',
      },
      {
        graph: 'sg_remind_customer_v1',
        node: 'word',
        scope: { input: { invoice: sampleOverdue, words: '', earlier: 2, tone: 'friendly' } },
        expect:
          'Hello Lockhart & Sons,\n\nour invoice 1042 over 1,200.00 EUR was due on 2026-10-01. This is our last reminder. Please pay at once, or get in touch with us today.\n\nIf you have paid in the meantime, please ignore this message.\n\nKind regards',
      },
      {
        graph: 'sg_remind_customers_v1',
        node: 'choose',
        scope: {
          input: { invoices: [sampleOverdue, { ...sampleOverdue, number: '7' }], max_reminders: 3 },
          memory: { values: { reminders: { '1042': 3 } } },
        },
        expect: [
          { ...sampleOverdue, earlier: 3, is_enough: true },
          { ...sampleOverdue, number: '7', earlier: 0, is_enough: false },
        ],
      },
    ],
  },
};
