import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import type { SkillTemplate, TemplateAllowance, TemplateSlot } from '../template.ts';
import { FOR_SLACK } from '../books/texts.ts';
import { text } from '../pieces.ts';
import { DIGEST_WORDS, POST_WORDS } from '../words.ts';
import { findOverdueGraph, sampleOverdue, wordOverdueGraph } from './pieces.ts';
import { CHASE_WORDS, NOT_OVERDUE, OVERDUE_WORDS, overdueSlots } from './words.ts';

const target: TemplateSlot = {
  name: 'target',
  kind: 'target_channel',
  required: true,
  question: 'In which channel should the summary be posted?',
};
const allowance: TemplateAllowance = {
  capability: 'slack/slack.post',
  when: 'parameters.channel = {target} and $not($exists(parameters.thread_ts))',
  said: ['target'],
  reason: 'The description asks for a summary in {target}.',
};
const post: SkillGraph['nodes'][number] = {
  id: 'post',
  kind: 'capability',
  title: 'Post the summary',
  capability: 'slack/slack.post',
  parameters: { channel: '=input.target', text: `=(${FOR_SLACK})(nodes.word.text)` },
};
const output = { channel: '=input.target', ts: '=nodes.post.ts' };

/** Posts what an earlier skill found overdue. */
export const overdueSummary: SkillTemplate = {
  id: 'overdue_summary',
  title: 'Post the summary in {target}',
  asks: [
    'share the overdue list in #finance',
    'share an overview of them in #accounting',
    'then publish a summary of the overdue invoices in #money',
  ],
  needs: [POST_WORDS, [...DIGEST_WORDS, ...OVERDUE_WORDS, 'list*', 'report*']],
  helps: ['customer*', 'amount*', 'invoice*', 'short', 'days late', 'biggest'],
  excludes: [...NOT_OVERDUE, ...CHASE_WORDS, 'direct message', 'dm', 'dms'],
  slots: [target],
  feeds: ['overdue_invoices', 'chase_overdue'].map((from) => ({ from, input: 'invoices', output: 'invoices' })),
  askedAfter: 'Look up the overdue invoices in QuickBooks',
  graphs: [
    {
      id: 'sg_overdue_summary_v1',
      title: 'Summary of overdue invoices',
      input: { ...wordOverdueGraph.input, target: text('Channel to post in') },
      nodes: [
        { id: 'word', kind: 'graph', title: 'Word it', graph: wordOverdueGraph.id, input: { invoices: '=[input.invoices]' } },
        post,
      ],
      edges: [{ from: 'word', to: 'post' }],
      output,
      max_steps: 10,
    },
    wordOverdueGraph,
  ],
  permissions: ['slack.write'],
  allows: [allowance],
  example: {
    text: 'Look up the overdue invoices in QuickBooks. Post the overdue list in #finance.',
    slots: { target: '#finance' },
    evaluate: [
      { graph: 'sg_word_overdue_v1', node: 'word', scope: { input: { invoices: [] } }, expect: 'No invoice is overdue today.' },
      {
        graph: 'sg_word_overdue_v1',
        node: 'word',
        scope: { input: { invoices: [sampleOverdue] } },
        expect: '1 invoice is overdue, 1,200.00 EUR in all:\n• Lockhart & Sons: 1,200.00 EUR, 20 days late (invoice 1042)',
      },
      {
        graph: 'sg_word_overdue_v1',
        node: 'word',
        scope: {
          input: {
            invoices: [sampleOverdue, { ...sampleOverdue, number: '7', customer: '<!channel>', balance: 0.5, days_overdue: 1 }],
          },
        },
        expect:
          '2 invoices are overdue, 1,200.50 EUR in all:\n• Lockhart & Sons: 1,200.00 EUR, 20 days late (invoice 1042)\n• <!channel>: 0.50 EUR, 1 day late (invoice 7)',
      },
    ],
  },
};

/** The same in one sentence, without an earlier duty that finds the invoices. */
export const overdueReport: SkillTemplate = {
  helps: overdueSummary.helps,
  excludes: overdueSummary.excludes,
  allows: [allowance],
  id: 'overdue_report',
  title: 'Report overdue invoices in {target}',
  asks: [
    'post a summary of the overdue invoices in #finance',
    'share a list of unpaid invoices over 200 euros in #accounting',
    'publish what customers owe us in #money',
  ],
  needs: [POST_WORDS, OVERDUE_WORDS],
  slots: [target, ...overdueSlots],
  graphs: [
    {
      id: 'sg_overdue_report_v1',
      title: 'Report of overdue invoices',
      input: { ...findOverdueGraph.input, target: text('Channel to post in') },
      nodes: [
        {
          id: 'find',
          kind: 'graph',
          title: 'Find what is overdue',
          graph: findOverdueGraph.id,
          input: { min_balance: '=input.min_balance', min_days: '=input.min_days' },
        },
        {
          id: 'word',
          kind: 'graph',
          title: 'Word it',
          graph: wordOverdueGraph.id,
          input: { invoices: '=[nodes.find.invoices]' },
        },
        post,
      ],
      edges: [
        { from: 'find', to: 'word' },
        { from: 'word', to: 'post' },
      ],
      output,
      max_steps: 10,
    },
    findOverdueGraph,
    wordOverdueGraph,
  ],
  permissions: ['invoice.read', 'slack.write'],
  example: {
    text: 'Every Monday at 7:30 post a summary of the overdue invoices in #finance.',
    slots: { target: '#finance', min_balance: 0 },
    evaluate: [],
  },
};
