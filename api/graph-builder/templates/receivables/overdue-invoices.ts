import type { SkillTemplate } from '../template.ts';
import { findOverdueGraphs, sampleOverdue } from './pieces.ts';
import { CHASE_WORDS, NOT_OVERDUE, OVERDUE_WORDS, overdueSlots } from './words.ts';

/** Finds the invoices that are past due: what reminders and summaries are made of. */
export const overdueInvoices: SkillTemplate = {
  id: 'overdue_invoices',
  title: 'Find the overdue invoices',
  asks: [
    'look up the overdue invoices in QuickBooks',
    'find every invoice past due',
    'check QuickBooks for unpaid invoices',
    'list what customers owe us and since when',
  ],
  needs: [
    [
      'look*',
      'find*',
      'check*',
      'list*',
      'search*',
      'get',
      'gets',
      'pull*',
      'fetch*',
      'collect*',
      'go through',
      'goes through',
      'review*',
    ],
    OVERDUE_WORDS,
  ],
  helps: ['invoice*', 'quickbooks', 'open', 'customer*', 'all'],
  excludes: [...NOT_OVERDUE, ...CHASE_WORDS, 'post', 'posts', 'publish*', 'bill', 'bills'],
  slots: overdueSlots,
  graphs: findOverdueGraphs,
  permissions: ['invoice.read'],
  allows: [],
  example: {
    text: 'Look up the overdue invoices in QuickBooks, only those at least 14 days late and over 500 euros.',
    slots: { min_balance: 500, min_days: 14 },
    evaluate: [
      {
        graph: 'sg_find_overdue_v1',
        node: 'pick',
        scope: {
          input: { min_balance: 500, min_days: 14 },
          nodes: {
            list: {
              invoices: [
                { ...sampleOverdue, id: '1', balance: 500, days_overdue: 40 },
                { ...sampleOverdue, id: '2', balance: 900, days_overdue: 13 },
                { ...sampleOverdue, id: '3', balance: 900, days_overdue: 14 },
                { ...sampleOverdue, id: '4', balance: 1_200, days_overdue: 20 },
              ],
            },
          },
        },
        expect: [
          { ...sampleOverdue, id: '4', balance: 1_200, days_overdue: 20 },
          { ...sampleOverdue, id: '3', balance: 900, days_overdue: 14 },
        ],
      },
    ],
  },
};
