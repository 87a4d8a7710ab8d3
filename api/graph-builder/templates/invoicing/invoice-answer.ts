import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { fromMail, readNewMailsGraphs } from '../books/requests.ts';
import { FOR_SLACK, MONEY, PLAIN } from '../books/texts.ts';
import { aboutSlot, mailInput, onMail, sinceSlot } from '../mail/pieces.ts';
import { MAIL_WORDS } from '../mail/words.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import { messagesInput, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';
import { NOT_INVOICES } from './words.ts';

/** The numbers that may be an invoice's: `1042`, `RE-2044`; no dates and no amounts. */
const NUMBERS = (of: string): string =>
  `[$distinct($match($replace(${of}, /[0-9]{1,4}[.,-][0-9]{1,2}[.,-][0-9]{1,4}|[0-9]+[.,][0-9]{2,3}\\b/, " "), /(?:^|[^0-9A-Za-z])#?([A-Z]{0,5}-?[0-9]{3,12})(?=$|[^0-9])/).groups[0])[[0..2]]]`;

/** `Invoice 1042 for Hillside Roofing: 8,400.00 USD, 4,200.00 USD of it open, due on 2026-11-04, 20 days late.` */
const STATE = `function($i) { ($money := ${MONEY}; "Invoice " & ($exists($i.number) ? $i.number : $i.id) & " for " & (${PLAIN})($i.customer) & ": " & $money($i.amount, $i.currency) & ", " & ($i.balance = 0 ? "paid" : ($i.balance < $i.amount ? $money($i.balance, $i.currency) & " of it open" : "open") & ($exists($i.due_date) ? ", due on " & $i.due_date : "") & ($i.days_overdue > 0 ? ", " & $string($i.days_overdue) & ($i.days_overdue = 1 ? " day" : " days") & " late" : "")) & ".") }`;

const findByNumberGraph: SkillGraph = {
  id: 'sg_invoice_by_number_v1',
  title: 'Find an invoice by its number',
  input: { number: text('As on the paper') },
  ...inOrder([call('find', 'Find it', 'quickbooks/invoice.list', { number: '=input.number', limit: 2 })]),
  output: '=[nodes.find.invoices]',
  max_steps: 5,
};
const find = forEach('find_each', 'Find each', '[nodes.numbers]', findByNumberGraph, { number: '=item' });
const FOUND = '[$reduce([nodes.find_each], $append, [])]';

const answerGraph: SkillGraph = {
  id: 'sg_answer_invoice_v1',
  title: 'Answer one question about an invoice',
  input: {
    channel: text('Where it was asked'),
    ts: text('Thread to answer in'),
    question: text('What was asked'),
    person: optional('string', 'Who is mentioned when there is none', ''),
  },
  nodes: [
    compute('numbers', 'Find its number', NUMBERS('input.question')),
    find,
    // People name the customer as well: then what is open of that customer is meant.
    call('open', 'List open invoices', 'quickbooks/invoice.list', { status: 'open', limit: 200 }),
    compute(
      'pick',
      'Keep what is meant',
      `($byNumber := ${FOUND}; $q := $lowercase(input.question); $count($byNumber) > 0 ? $byNumber : [[nodes.open.invoices[$contains($q, $lowercase(customer))]][[0..4]]])`,
    ),
    compute(
      'word',
      'Word the answer',
      `($state := ${STATE}; $all := [nodes.pick]; $count($all) > 0 ? $join([$all.($state($))], "\\n") : "Invoice not found." & (input.person = "" ? "" : " " & input.person & ", can you help?"))`,
    ),
    {
      id: 'reply',
      kind: 'capability',
      title: 'Answer in the thread',
      capability: 'slack/slack.post',
      parameters: { channel: '=input.channel', thread_ts: '=input.ts', text: `=(${FOR_SLACK})(nodes.word)` },
    },
  ],
  edges: [
    { from: 'numbers', to: 'find_each' },
    { from: 'find_each', to: 'open' },
    { from: 'open', to: 'pick' },
    { from: 'pick', to: 'word' },
    { from: 'word', to: 'reply' },
  ],
  output: '=nodes.reply',
  max_steps: 15,
};

export const sampleInvoice = {
  id: '142',
  number: '1042',
  customer: 'Hillside Roofing',
  customer_email: 'accounts@hillside.example',
  amount: 8_400,
  balance: 4_200,
  currency: 'USD',
  due_date: '2026-11-04',
  days_overdue: 20,
};
const STATED = 'Invoice 1042 for Hillside Roofing: 8,400.00 USD, 4,200.00 USD of it open, due on 2026-11-04, 20 days late.';

/** Answers in the thread how an invoice stands. It only looks. */
export const invoiceAnswer: SkillTemplate = {
  id: 'invoice_answer',
  title: 'Answer questions about invoices in {channel}',
  asks: [
    'when somebody asks in #desk how an invoice stands, look it up and reply in its thread',
    'answer questions about invoices in #sales with what is open and since when',
    'if a colleague wants to know whether an invoice was paid, reply from QuickBooks',
  ],
  does: [{ action: 'answer' }],
  needs: [
    ['answer*', 'reply', 'replies', 'respond*', 'tell', 'say', 'says'],
    ['invoice*'],
    ['ask*', 'question*', 'wants', 'status', 'look*', 'find', 'whether', 'paid', 'stands'],
  ],
  helps: ['thread', 'status', 'amount', 'due date', 'quickbooks', 'asks', 'find', 'find it'],
  excludes: [
    ...NOT_INVOICES,
    ...MAIL_WORDS,
    'remind*',
    'create*',
    'copy',
    'resend',
    'overdue',
    'customer answers',
    'client answers',
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
      id: 'sg_invoice_answer_v1',
      title: 'Answer questions about invoices',
      input: {
        ...messagesInput,
        channel: optional('string', 'Channel of the questions; empty = where each was asked', ''),
        person: optional('string', 'Who is mentioned when there is none', ''),
      },
      ...inOrder([
        forEach('answer_each', 'Answer each', '[input.messages]', answerGraph, {
          channel: '=input.channel = "" ? item.channel : input.channel',
          ts: '=$exists(item.thread_ts) ? item.thread_ts : item.ts',
          question: '=item.text',
          person: '=input.person',
        }),
      ]),
      output: { answered: '=$count(nodes.answer_each)' },
      max_steps: 5,
    },
    answerGraph,
    findByNumberGraph,
  ],
  permissions: ['invoice.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: '$exists(parameters.thread_ts) and parameters.channel = {channel} and $substring(parameters.text, 0, 8) = "Invoice "',
      said: ['channel'],
      reason: 'The description asks to answer such questions in the thread.',
    },
  ],
  example: {
    text: 'When somebody asks in #desk how an invoice stands, look the invoice up and reply in its thread.',
    slots: { channel: '#desk' },
    evaluate: [
      {
        graph: answerGraph.id,
        node: 'numbers',
        scope: { input: { question: 'Was 1042 of 2026-10-04 over 4,200.00 paid, and RE-2044?' } },
        expect: ['1042', 'RE-2044'],
      },
      {
        graph: answerGraph.id,
        node: 'pick',
        scope: {
          input: { question: 'what does Hillside Roofing owe' },
          nodes: { find_each: [], open: { invoices: [sampleInvoice, { ...sampleInvoice, customer: 'Other' }] } },
        },
        expect: [sampleInvoice],
      },
      { graph: answerGraph.id, node: 'word', scope: { input: { person: '' }, nodes: { pick: [sampleInvoice] } }, expect: STATED },
      {
        graph: answerGraph.id,
        node: 'word',
        scope: { input: { person: '@dana' }, nodes: { pick: [] } },
        expect: 'Invoice not found. @dana, can you help?',
      },
    ],
  },
};

const replyGraph: SkillGraph = {
  id: 'sg_reply_invoice_v1',
  title: 'Answer one mail about an invoice',
  input: { mail: required('object', 'The mail'), not_about: required('array', 'Words of what is left to people') },
  nodes: [
    compute('numbers', 'Find the number', NUMBERS('input.mail.subject & " " & input.mail.text')),
    find,
    // What the books say of an invoice is for its own customer only.
    compute(
      'pick',
      'Keep what is theirs',
      `($low := $lowercase(input.mail.subject & " " & input.mail.text); $from := $lowercase(input.mail.from); $left := [input.not_about[$contains($low, $lowercase($))]]; $count($left) > 0 ? [] : [${FOUND}[$exists(customer_email) and $lowercase(customer_email) = $from]])`,
    ),
    {
      id: 'theirs',
      kind: 'branch',
      title: 'Is it about an invoice of theirs?',
      expression: '$count(nodes.pick) > 0 ? "yes" : "no"',
    },
    compute('leave', 'Leave it to people', 'true'),
    compute(
      'word',
      'Word the answer',
      `($state := ${STATE}; "Hello" & (input.mail.from_name = "" ? "" : " " & (${PLAIN})(input.mail.from_name)) & ",\\n\\n" & $join([[nodes.pick].($state($))], "\\n") & "\\n\\nIf this does not answer your question, just write back: a colleague will look at it.\\n\\nKind regards")`,
    ),
    {
      id: 'reply',
      kind: 'capability',
      title: 'Answer',
      capability: 'gmail/email.reply',
      parameters: { id: '=input.mail.id', to: '=input.mail.from', body: '=nodes.word' },
      on_refused: 'continue',
    },
  ],
  edges: [
    { from: 'numbers', to: 'find_each' },
    { from: 'find_each', to: 'pick' },
    { from: 'pick', to: 'theirs' },
    { from: 'theirs', to: 'word', when: 'yes' },
    { from: 'theirs', to: 'leave', when: 'otherwise' },
    { from: 'word', to: 'reply' },
  ],
  output: {
    outcome: '=$exists(nodes.leave) ? "left" : $exists(nodes.reply.refused) ? "refused" : "answered"',
    source: '=input.mail.id',
    what: `=(${PLAIN})(input.mail.from & ": " & input.mail.subject)`,
    why: '=$exists(nodes.leave) ? "not about an invoice of the sender" : $exists(nodes.reply.refused) ? nodes.reply.refused.message : ""',
  },
  max_steps: 15,
};

/** Answers customers who write about an invoice of theirs, from what the books say of it. */
export const invoiceReply: SkillTemplate = {
  id: 'invoice_reply',
  title: 'Answer mail about invoices',
  asks: [
    'when a customer writes a mail about an invoice, reply from what QuickBooks says of it',
    'answer emails that ask whether an invoice was paid',
  ],
  does: [{ action: 'answer', to: 'mail' }],
  needs: [['invoice*', 'billing', 'amount*', 'due date', 'paid', 'status', 'balance', 'still open', 'quickbooks', 'the books']],
  helps: ['question*', 'invoice*', 'customer*', 'quickbooks', 'email*', 'asks'],
  excludes: [...NOT_INVOICES, 'remind*', 'draft*', 'thread in', 'slack', 'channel', 'create*', 'copy of'],
  event: onMail,
  slots: [
    sinceSlot,
    aboutSlot,
    {
      name: 'not_about',
      kind: 'quoted_words',
      required: false,
      default: ['contract', 'lawyer', 'dispute'],
      question: 'Which words in a mail leave the answer to people?',
    },
  ],
  graphs: [
    {
      id: 'sg_invoice_reply_v1',
      title: 'Answer mail about invoices',
      input: { ...mailInput, not_about: required('array', 'Words of what is left to people') },
      ...inOrder([
        fromMail,
        forEach('reply_each', 'Answer each', '[nodes.mails.mails]', replyGraph, {
          mail: '=item',
          not_about: '=[input.not_about]',
        }),
      ]),
      output: {
        count: '=$count(nodes.reply_each[outcome = "answered"])',
        unclear: '=[nodes.reply_each[outcome != "answered"]]',
        mails: '=[nodes.reply_each[outcome = "answered"].source]',
      },
      max_steps: 10,
    },
    replyGraph,
    findByNumberGraph,
    ...readNewMailsGraphs,
  ],
  permissions: ['email.read', 'email.write', 'invoice.read'],
  allows: [],
  example: {
    text: 'When a customer writes a mail about an invoice, reply from what QuickBooks says of the invoice.',
    slots: {},
    evaluate: [
      {
        graph: replyGraph.id,
        node: 'pick',
        scope: {
          input: {
            not_about: ['contract'],
            mail: { subject: 'Invoice 1042', text: 'Is it paid?', from: 'Accounts@hillside.example' },
          },
          nodes: { find_each: [[sampleInvoice]] },
        },
        expect: [sampleInvoice],
      },
      {
        graph: replyGraph.id,
        node: 'pick',
        scope: {
          input: {
            not_about: ['contract'],
            mail: { subject: 'Invoice 1042', text: 'Is it paid?', from: 'curious@stranger.example' },
          },
          nodes: { find_each: [[sampleInvoice]] },
        },
        expect: [],
      },
      {
        graph: replyGraph.id,
        node: 'pick',
        scope: {
          input: {
            not_about: ['contract'],
            mail: { subject: 'Invoice 1042', text: 'Our contract says otherwise.', from: 'accounts@hillside.example' },
          },
          nodes: { find_each: [[sampleInvoice]] },
        },
        expect: [],
      },
      {
        graph: replyGraph.id,
        node: 'word',
        scope: { input: { mail: { from_name: 'Ada' } }, nodes: { pick: [sampleInvoice] } },
        expect: `Hello Ada,\n\n${STATED}\n\nIf this does not answer your question, just write back: a colleague will look at it.\n\nKind regards`,
      },
    ],
  },
};
