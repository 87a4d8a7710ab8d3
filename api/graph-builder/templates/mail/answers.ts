import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { call, compute, forEach, inOrder, optional, required, within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { ANSWER, askedAgain, earlierAnswerGraph, evaluateEarlier } from './earlier-answer.ts';
import {
  aboutSlot,
  evaluateNewMails,
  IS_NOTICE,
  mailArguments,
  mailInput,
  newMailsGraph,
  onMail,
  sampleMail,
  sampleNotice,
  sinceSlot,
} from './pieces.ts';

const answerInput: SkillGraph['input'] = { mail: required('object', 'The mail'), words: optional('string', 'What is said', '') };
const word = compute('word', 'Word the answer', `($earlier := nodes.before.earlier; $words := input.words; ${ANSWER})`);
const before = within('before', 'Look how it was answered before', earlierAnswerGraph, {
  mail: '=input.mail',
  words: '=input.words',
});
const MAIL_OR_IT = [
  'email*',
  'e-mail*',
  'mail',
  'mails',
  'inbox',
  'message*',
  'question*',
  'request*',
  'inquir*',
  'enquir*',
  'customer*',
  'client*',
  'patient*',
  'parent*',
  'them',
  'it',
  'each',
  'answer*',
  'reply',
  'replies',
  'response*',
];

/** Answers each new mail that a person wrote, with the body graph. */
function answering(id: string, title: string, body: SkillGraph): [SkillGraph, ...SkillGraph[]] {
  return [
    {
      id: `sg_${id}_v1`,
      title,
      input: { ...mailInput, words: optional('string', 'What is said; empty = as such mail was answered before', '') },
      ...inOrder([
        within('mails', 'Take the new mails', newMailsGraph, mailArguments),
        compute(
          'pick',
          'Keep what a person wrote',
          `($isNotice := ${IS_NOTICE}; [$filter(nodes.mails.mails, function($m) { $not($isNotice($m)) })])`,
        ),
        forEach('answer_each', 'Answer each', '[nodes.pick]', body, { mail: '=item', words: '=input.words' }),
      ]),
      output: { answered: '=$count(nodes.answer_each)', mails: '=[nodes.pick.{"id": id, "thread_id": thread_id}]' },
      max_steps: 10,
    },
    newMailsGraph,
    body,
  ];
}

const evaluatePicked = (id: string): SkillTemplate['example']['evaluate'] => [
  ...evaluateNewMails,
  {
    graph: `sg_${id}_v1`,
    node: 'pick',
    scope: { nodes: { mails: { mails: [sampleMail, sampleNotice] } } },
    expect: [sampleMail],
  },
];

const draftOne: SkillGraph = {
  id: 'sg_draft_one_v1',
  title: 'Draft one answer',
  input: answerInput,
  ...inOrder([
    before,
    word,
    call('draft', 'Save the draft', 'gmail/email.draft', {
      to: '=input.mail.from',
      subject: '="Re: " & (nodes.before.subject = "" ? "your message" : nodes.before.subject)',
      body: '=nodes.word',
    }),
  ]),
  output: '=nodes.draft',
  max_steps: 10,
};

/** Leaves an answer among the drafts: nothing is sent. */
export const draftReplies: SkillTemplate = {
  id: 'draft_replies',
  title: 'Prepare answers as drafts',
  asks: [
    'draft a reply to each new email',
    'prepare answers to customer mails and keep them among the drafts',
    'have a response waiting in drafts for whatever needs one',
  ],
  needs: [['draft*', 'prepare*', 'propos*', 'suggest*'], MAIL_OR_IT],
  helps: ['draft*', 'reply', 'replies', 'answer*', 'prepare*', 'email*'],
  excludes: ['invoice draft*', 'draft invoice*', 'draft an invoice', 'draft pull request*', 'channel', 'contract', 'post'],
  event: onMail,
  slots: [
    { name: 'words', kind: 'text', required: false, default: '', question: 'What should the answer say?' },
    sinceSlot,
    aboutSlot,
  ],
  graphs: [...answering('draft_replies', 'Prepare answers as drafts', draftOne), earlierAnswerGraph],
  permissions: ['email.read', 'email.write'],
  allows: [
    {
      capability: 'gmail/email.draft',
      when: '$not($exists(parameters.cc)) and $substring(parameters.subject, 0, 4) = "Re: "',
      said: [],
      reason: 'The description asks for drafts of answers. A draft is sent by a person.',
    },
  ],
  example: {
    text: 'Draft a reply to each new email from a customer and keep it among the drafts.',
    slots: { words: '' },
    evaluate: [
      ...evaluatePicked('draft_replies'),
      ...evaluateEarlier,
      {
        graph: 'sg_draft_one_v1',
        node: 'word',
        scope: { input: { mail: askedAgain, words: '' }, nodes: { before: { earlier: '' } } },
        expect: 'Hello Rosa,\n\nthank you for your message.\n\n[your answer]\n\nKind regards',
      },
      {
        graph: 'sg_draft_one_v1',
        node: 'word',
        scope: {
          input: { mail: askedAgain, words: '' },
          nodes: { before: { earlier: 'Dear Tom,\n\nwe open at nine.\n\nInes\n\n> When do you open?' } },
        },
        expect: 'Hello Rosa,\n\nwe open at nine.\n\nInes',
      },
    ],
  },
};

const replyOne: SkillGraph = {
  id: 'sg_reply_one_v1',
  title: 'Answer one mail',
  input: answerInput,
  ...inOrder([
    before,
    word,
    {
      ...call('reply', 'Answer', 'gmail/email.reply', { id: '=input.mail.id', to: '=input.mail.from', body: '=nodes.word' }),
      on_refused: 'continue' as const,
    },
  ] as SkillGraph['nodes']),
  output: { id: '=input.mail.id', sent: '=$not($exists(nodes.reply.refused))' },
  max_steps: 10,
};

/** Answers mail as such mail was answered before, each answer after a person's yes, who may correct it first. */
export const answerMail: SkillTemplate = {
  id: 'answer_mail',
  title: 'Answer mail as it was answered before',
  asks: [
    'answer the questions that customers send us by email',
    'reply to incoming emails from earlier answers',
    'respond to inquiries in the mailbox',
  ],
  needs: [
    ['answer', 'answers', 'answering', 'reply', 'replies', 'replying', 'respond', 'responds', 'responding', 'write back'],
    ['email*', 'e-mail*', 'mail', 'mails', 'inbox*', 'mailbox*', 'inquir*', 'enquir*', 'gmail'],
  ],
  helps: ['customer*', 'question*', 'earlier', 'before', 'incoming'],
  excludes: [
    'draft*',
    'thread in',
    'slack',
    'channel',
    'dm',
    'owe',
    'owes',
    'unanswered',
    'not answered',
    'receipt',
    'acknowledg*',
    'invoice*',
  ],
  wholeSentence: true,
  event: onMail,
  slots: [
    { name: 'words', kind: 'text', required: false, default: '', question: 'What should the answer say?' },
    sinceSlot,
    aboutSlot,
  ],
  graphs: [...answering('answer_mail', 'Answer mail', replyOne), earlierAnswerGraph],
  permissions: ['email.read', 'email.write'],
  allows: [
    {
      capability: 'gmail/email.reply',
      when: '$contains(parameters.body, {words}) and $length(parameters.body) < $length({words}) + 80',
      said: ['words', 'about'],
      reason: 'The description gives the words of this answer, and which mail it is for.',
    },
  ],
  example: {
    text: 'Reply to incoming emails of customers with the words "We open at nine and close at six.".',
    slots: { words: 'We open at nine and close at six.' },
    evaluate: [
      ...evaluatePicked('answer_mail'),
      {
        graph: 'sg_reply_one_v1',
        node: 'word',
        scope: {
          input: { mail: { ...sampleMail, from_name: '' }, words: 'We open at nine.' },
          nodes: { before: { earlier: '' } },
        },
        expect: 'Hello,\n\nWe open at nine.\n\nKind regards',
      },
    ],
  },
};

const RECEIVED = 'We have received your message and will get back to you soon.';
const acknowledgeOne: SkillGraph = {
  id: 'sg_acknowledge_mail_one_v1',
  title: 'Acknowledge one mail',
  input: { mail: required('object', 'The mail'), words: required('string', 'What is said') },
  ...inOrder([
    call('reply', 'Acknowledge it', 'gmail/email.reply', { id: '=input.mail.id', to: '=input.mail.from', body: '=input.words' }),
  ]),
  output: '=nodes.reply',
  max_steps: 5,
};

/** Tells each person who writes that the mail has come: always in the same words. Automatic mail is left alone. */
export const acknowledgeMail: SkillTemplate = {
  id: 'acknowledge_mail',
  title: 'Acknowledge new mail',
  asks: [
    'acknowledge receipt of every new email',
    'confirm receipt of each request that arrives in the mailbox',
    'send a confirmation of receipt for each inquiry that comes in by mail',
  ],
  needs: [
    [
      'acknowledg*',
      'confirm* receipt',
      'confirmation of receipt',
      'receipt of',
      'confirm that we',
      'have received',
      'auto-repl*',
      'autorepl*',
      'automatic repl*',
      'we got it',
      'arrived safely',
    ],
    ['email*', 'e-mail*', 'mail', 'mails', 'inquir*', 'enquir*', 'application*', 'request*', 'message*', 'order*', 'inbox'],
  ],
  helps: ['acknowledg*', 'receipt', 'every', 'each', 'new', 'incoming'],
  excludes: ['slack', 'emoji*', 'react*', 'draft*', '#*', 'thank-you', 'donat*', 'payment*'],
  event: onMail,
  slots: [
    {
      name: 'words',
      kind: 'text',
      required: false,
      default: RECEIVED,
      question: 'What exactly should the answer say?',
      asksWhenDefault: true,
    },
    sinceSlot,
    aboutSlot,
  ],
  graphs: answering('acknowledge_mail', 'Acknowledge new mail', acknowledgeOne),
  permissions: ['email.read', 'email.write'],
  allows: [
    {
      capability: 'gmail/email.reply',
      when: 'parameters.body = {words}',
      said: ['words'],
      reason: 'The description gives the words of this answer.',
    },
  ],
  example: {
    text: 'Acknowledge receipt of every new email with the words "Thank you, we will answer within two days.".',
    slots: { words: 'Thank you, we will answer within two days.' },
    evaluate: evaluatePicked('acknowledge_mail'),
  },
};
