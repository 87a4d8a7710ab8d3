import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { findCustomersGraph, findCustomersGraphs } from '../books/find-customers.ts';
import { FOR_SLACK, MONEY, NAMED, PLAIN } from '../books/texts.ts';
import { compute, forEach, inOrder, optional, within } from '../nodes.ts';
import { messagesInput, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

const customer = {
  id: '2',
  name: 'Marsh & Sons',
  email: 'office@marsh.example',
  phone: '(555) 010-1202',
  balance: 640,
  currency: 'USD',
};

const answerGraph: SkillGraph = {
  id: 'sg_answer_customer_v1',
  title: 'Answer one question about a customer',
  input: { channel: text('Where it was asked'), ts: text('Thread to answer in'), question: text('What was asked') },
  ...inOrder([
    within('find', 'Find the customers that may be meant', findCustomersGraph, { text: '=input.question' }),
    compute('pick', 'Keep who is named', `[(${NAMED})([nodes.find.customers], input.question)]`),
    compute(
      'word',
      'Word the answer',
      `($money := ${MONEY}; $plain := ${PLAIN}; $all := [nodes.pick]; $count($all) = 0 ? "In the books: I find no customer of that name." : "In the books:\\n" & $join([$all[[0..4]].("• " & $plain(name) & ": " & ($exists(email) ? email : "no e-mail address") & ", " & ($exists(phone) ? phone : "no telephone number") & ", " & (balance > 0 ? $money(balance, currency) & " open" : "nothing open"))], "\\n"))`,
    ),
    {
      id: 'reply',
      kind: 'capability',
      title: 'Answer in the thread',
      capability: 'slack/slack.post',
      parameters: { channel: '=input.channel', thread_ts: '=input.ts', text: `=(${FOR_SLACK})(nodes.word)` },
    },
  ]),
  output: '=nodes.reply',
  max_steps: 10,
};

/** Answers in the thread what the books know of a customer: address, telephone, what is open. */
export const customerAnswer: SkillTemplate = {
  id: 'customer_answer',
  title: 'Answer questions about customers in {channel}',
  asks: [
    'when somebody asks about a customer in #front-desk, look up the customer and reply in its thread',
    'answer questions about client contact details in #sales',
  ],
  does: [{ action: 'answer' }],
  needs: [
    ['answer*', 'reply', 'replies', 'respond*', 'tell', 'say'],
    ['customer*', 'client*', 'donor*', 'contact details'],
    ['ask*', 'question*', 'wants', 'want', 'look', 'need*', 'who'],
  ],
  helps: ['thread', 'look', 'quickbooks', 'contact*', 'phone', 'balance', 'details'],
  excludes: [
    'invoice*',
    'email*',
    'e-mail them',
    'mail',
    'customer asks',
    'client asks',
    'customers ask',
    'clients ask',
    'client answers',
    'customer writes',
    'remind*',
    'payment*',
  ],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [
    {
      name: 'channel',
      kind: 'source_channel',
      required: false,
      default: '',
      question: 'In which channel are these questions asked?',
    },
  ],
  graphs: [
    {
      id: 'sg_customer_answer_v1',
      title: 'Answer questions about customers',
      input: { ...messagesInput, channel: optional('string', 'Channel of the questions; empty = where each was asked', '') },
      ...inOrder([
        forEach('answer_each', 'Answer each', '[input.messages]', answerGraph, {
          channel: '=input.channel = "" ? item.channel : input.channel',
          ts: '=$exists(item.thread_ts) ? item.thread_ts : item.ts',
          question: '=item.text',
        }),
      ]),
      output: { answered: '=$count(nodes.answer_each)' },
      max_steps: 5,
    },
    answerGraph,
    ...findCustomersGraphs,
  ],
  permissions: ['customer.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: '$exists(parameters.thread_ts) and parameters.channel = {channel} and $substring(parameters.text, 0, 13) = "In the books:"',
      said: ['channel'],
      reason: 'The description asks to answer such questions in the thread.',
    },
  ],
  example: {
    text: 'When somebody asks about a customer in #front-desk, look up the customer and reply in its thread.',
    slots: { channel: '#front-desk' },
    evaluate: [
      {
        graph: 'sg_answer_customer_v1',
        node: 'pick',
        scope: {
          input: { question: 'What is the number of Marsh & Sons?' },
          nodes: { find: { customers: [customer, { ...customer, name: 'Hillside' }] } },
        },
        expect: [customer],
      },
      {
        graph: 'sg_answer_customer_v1',
        node: 'word',
        scope: { nodes: { pick: [customer] } },
        expect: 'In the books:\n• Marsh & Sons: office@marsh.example, (555) 010-1202, 640.00 USD open',
      },
      {
        graph: 'sg_answer_customer_v1',
        node: 'word',
        scope: { nodes: { pick: [] } },
        expect: 'In the books: I find no customer of that name.',
      },
    ],
  },
};
