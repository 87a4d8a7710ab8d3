import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { DAY, MONEY, PLAIN } from '../books/texts.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

const payment = { id: '310', customer: 'Rosa Lind', customer_id: '12', amount: 250, currency: 'EUR', date: '2026-11-23' };

/** Payments that nobody was thanked for: the one that the run was started by, else those since the last turn. */
const PICK = `(
  $one := trigger.payload.event.payload[entity = "payment"].entity_id;
  $thanked := [memory.values.thanked];
  [nodes.list.payments[($exists($one) ? id = $one : true) and $not(id in $thanked)]]
)`;

const thankGraph: SkillGraph = {
  id: 'sg_thank_payer_v1',
  title: 'Thank for one payment',
  input: {
    payment: required('object', 'The payment'),
    never: required('array', "Words in a customer's notes that rule a letter out"),
    words: optional('string', 'What is said besides', ''),
  },
  nodes: [
    call('find', 'Look the payer up', 'quickbooks/customer.list', {
      query: `=$substring(input.payment.customer, 0, 254)`,
      limit: 50,
    }),
    compute(
      'who',
      'Take the address, unless a note rules it out',
      '($p := input.payment; $never := [input.never.$lowercase($)]; $c := nodes.find.customers[id = $p.customer_id][0]; $n := $lowercase($exists($c.notes) ? $c.notes : ""); $hidden := $count($never[$contains($n, $)]) > 0 or $count($never[$contains($lowercase($p.customer), $)]) > 0; {"to": $hidden ? "" : $exists($c.email) ? $c.email : "", "why": $hidden ? "a note rules it out" : $exists($c.email) ? "" : "no e-mail address is known"})',
    ),
    { id: 'has', kind: 'branch', title: 'Is there somebody to write to?', expression: 'nodes.who.to = "" ? "no" : "yes"' },
    compute('leave', 'Leave it', 'true'),
    compute(
      'word',
      'Word the thanks',
      `($p := input.payment; $name := (${PLAIN})($p.customer); $first := $match($name, /^([A-Z][a-z'’-]+) [A-Z][A-Za-z'’-]+$/)[0].groups[0]; "Hello " & ($exists($first) ? $first : $name) & ",\\n\\nthank you: " & (${MONEY})($p.amount, $p.currency) & " arrived" & ($exists($p.date) ? " on " & $p.date : "") & "." & (input.words = "" ? "" : " " & input.words) & "\\n\\nKind regards")`,
    ),
    {
      id: 'send',
      kind: 'capability',
      title: 'Send it',
      capability: 'gmail/email.send',
      parameters: { to: '=nodes.who.to', subject: 'Thank you', body: '=nodes.word' },
      on_refused: 'continue',
    },
  ],
  edges: [
    { from: 'find', to: 'who' },
    { from: 'who', to: 'has' },
    { from: 'has', to: 'word', when: 'yes' },
    { from: 'has', to: 'leave', when: 'otherwise' },
    { from: 'word', to: 'send' },
  ],
  output: {
    id: '=input.payment.id',
    customer: '=input.payment.customer',
    thanked: '=$exists(nodes.send.id)',
    why: '=$exists(nodes.send.refused) ? nodes.send.refused.message : nodes.who.why',
  },
  max_steps: 10,
};

/** Thanks customers and donors by mail for what they paid; nobody twice, and nobody whose notes rule it out. */
export const thankPayers: SkillTemplate = {
  id: 'thank_payers',
  title: 'Thank payers by mail',
  asks: [
    'whenever a gift was entered in QuickBooks, email the donor our thanks',
    'thank customers by email for their payment',
    'write a thank you mail to everybody whose gift was booked in QuickBooks',
  ],
  does: [{ action: ['send', 'tell'], to: 'mail' }],
  needs: [
    ['thank*', 'gratitude', 'appreciation', 'acknowledge*'],
    ['payment*', 'paid', 'pays', 'donat*', 'donor*', 'gift*', 'contribution*', 'money', 'pledge*'],
    ['email*', 'e-mail*', 'mail', 'mails', 'write*', 'letter*', 'note', 'notes', 'send*', 'thank'],
  ],
  helps: ['donor*', 'customer*', 'payment*', 'quickbooks', 'thank*', 'amount'],
  excludes: ['thank-yous went', 'how many', 'slack', 'direct message', 'dm', 'thanks for', 'applicant*', 'remind*'],
  event: { source: 'quickbooks', input: {}, polls: true },
  slots: [
    { name: 'since_hours', kind: 'hours', required: false, default: 0, question: 'How far back should it look?' },
    {
      name: 'never',
      kind: 'quoted_words',
      required: false,
      default: ['anonymous', 'no thanks', 'no mail'],
      question: "Which words in a customer's notes mean that nobody writes to them?",
    },
    { name: 'words', kind: 'text', required: false, default: '', question: 'What should be said besides?' },
  ],
  graphs: [
    {
      id: 'sg_thank_payers_v1',
      title: 'Thank payers by mail',
      input: {
        since_hours: optional('number', 'How far back, in hours; 0 = two days', 0),
        never: required('array', "Words in a customer's notes that rule a letter out"),
        words: optional('string', 'What is said besides', ''),
      },
      ...inOrder([
        call('list', 'List the payments', 'quickbooks/payment.list', {
          since: `=(${DAY})(now, input.since_hours > 0 ? -$ceil(input.since_hours / 24) : -2)`,
          limit: 200,
        }),
        compute('pick', 'Keep who was not thanked', PICK),
        forEach('thank_each', 'Thank each', '[nodes.pick[[0..24]]]', thankGraph, {
          payment: '=item',
          never: '=[input.never]',
          words: '=input.words',
        }),
      ]),
      output: {
        count: '=$count(nodes.thank_each[thanked])',
        not_thanked: '=[nodes.thank_each[$not(thanked)]]',
        text: '="Thanked " & $string($count(nodes.thank_each[thanked])) & ($count(nodes.thank_each[thanked]) = 1 ? " payer." : " payers.")',
        subject: 'Thank-you letters',
      },
      remember: [
        {
          scope: 'skill',
          kind: 'state',
          key: 'thanked',
          value: '=[$append([nodes.thank_each.id], [memory.values.thanked])[[0..199]]]',
          confidence: 1,
        },
        {
          scope: 'organisation',
          kind: 'contact',
          for_each: '[nodes.thank_each[$contains(why, "no e-mail")][[0..19]]]',
          key: "='customer.' & $lowercase(item.customer) & '.email'",
          value: 'no e-mail address is known: a letter of thanks could not be sent',
          expires_in_days: 180,
        },
      ],
      max_steps: 10,
    },
    thankGraph,
  ],
  permissions: ['payment.read', 'customer.read', 'email.write'],
  allows: [],
  example: {
    text: 'Whenever a gift was entered in QuickBooks, email the donor our thanks.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_thank_payers_v1',
        node: 'pick',
        scope: {
          trigger: { payload: {} },
          memory: { values: { thanked: ['300'] } },
          nodes: { list: { payments: [payment, { ...payment, id: '300' }] } },
        },
        expect: [payment],
      },
      {
        graph: 'sg_thank_payers_v1',
        node: 'pick',
        scope: {
          trigger: { payload: { event: { payload: { entity: 'payment', entity_id: '310' } } } },
          nodes: { list: { payments: [payment, { ...payment, id: '311' }] } },
        },
        expect: [payment],
      },
      {
        graph: thankGraph.id,
        node: 'who',
        scope: {
          input: { payment, never: ['anonymous'] },
          nodes: {
            find: { customers: [{ id: '12', name: 'Rosa Lind', email: 'rosa@lind.example', notes: 'Wants to stay Anonymous' }] },
          },
        },
        expect: { to: '', why: 'a note rules it out' },
      },
      {
        graph: thankGraph.id,
        node: 'who',
        scope: {
          input: { payment, never: ['anonymous'] },
          nodes: { find: { customers: [{ id: '12', name: 'Rosa Lind', email: 'rosa@lind.example' }] } },
        },
        expect: { to: 'rosa@lind.example', why: '' },
      },
      {
        graph: thankGraph.id,
        node: 'word',
        scope: { input: { payment, words: 'It pays for ten books.' } },
        expect: 'Hello Rosa,\n\nthank you: 250.00 EUR arrived on 2026-11-23. It pays for ten books.\n\nKind regards',
      },
    ],
  },
};
