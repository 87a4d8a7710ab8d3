import type { SkillTemplate } from '../template.ts';
import { findOverdueGraph, findOverdueGraphs, remindArguments, remindGraphs, remindInput } from './pieces.ts';
import { CHASE_WORDS, OVERDUE_WORDS, overdueSlots, remindSlots } from './words.ts';

/** Finds what is overdue and writes to those customers: both in one sentence. */
export const chaseOverdue: SkillTemplate = {
  id: 'chase_overdue',
  title: 'Chase overdue invoices by email',
  asks: [
    'email customers with overdue invoices a friendly reminder',
    'chase unpaid invoices by email',
    'remind customers of invoices past due',
  ],
  needs: [CHASE_WORDS, OVERDUE_WORDS],
  helps: ['email*', 'e-mail*', 'customer*', 'client*', 'invoice*', 'quickbooks', 'friendly'],
  excludes: ['direct message', 'dm', 'dms', 'slack'],
  slots: [...overdueSlots, ...remindSlots],
  graphs: [
    {
      id: 'sg_chase_overdue_v1',
      title: 'Chase overdue invoices',
      input: {
        ...findOverdueGraph.input,
        ...remindInput,
      },
      nodes: [
        {
          id: 'find',
          kind: 'graph',
          title: 'Find what is overdue',
          graph: findOverdueGraph.id,
          input: { min_balance: '=input.min_balance', min_days: '=input.min_days' },
        },
        {
          id: 'remind',
          kind: 'graph',
          title: 'Remind the customers',
          graph: remindGraphs[0].id,
          input: { invoices: '=[nodes.find.invoices]', ...remindArguments },
        },
      ],
      edges: [{ from: 'find', to: 'remind' }],
      output: {
        invoices: '=[nodes.find.invoices]',
        text: '=nodes.find.text',
        subject: '=nodes.find.subject',
        reminded: '=nodes.remind.reminded',
        not_sent: '=[nodes.remind.not_sent]',
        exhausted: '=[nodes.remind.exhausted]',
      },
      max_steps: 10,
    },
    ...findOverdueGraphs,
    ...remindGraphs,
  ],
  permissions: ['invoice.read', 'email.write'],
  allows: [],
  example: {
    text: 'Every Tuesday at 9:00 email customers with overdue invoices over 500 euros a friendly reminder.',
    slots: { min_balance: 500, min_days: 1 },
    evaluate: [],
  },
};
