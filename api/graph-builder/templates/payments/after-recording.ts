import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { FOR_SLACK } from '../books/texts.ts';
import { toChannel, toPerson } from '../deliver.ts';
import { labelOneGraph } from '../mail/label-mail.ts';
import { call, forEach, inOrder, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { DM_WORDS, POST_WORDS } from '../words.ts';

/** Duties that leave open what they cannot decide, and those that work through mails. */
const UNDECIDED = [
  'record_payments',
  'bill_from_mail',
  'bill_from_message',
  'invoice_from_mail',
  'invoice_on_request',
  'customer_from_mail',
  'customer_from_request',
];
const OF_MAILS = ['record_payments', 'bill_from_mail', 'invoice_from_mail', 'customer_from_mail'];

const QUESTION = `(${FOR_SLACK})("I could not do this by myself:\\n" & $join([input.unclear.("• " & what & ($exists(amount) and amount != "" ? ", " & amount : "") & ": " & why)], "\\n") & "\\nCan you have a look?")`;
const ASK_WORDS = [
  'ask',
  'asks',
  'tell',
  'tells',
  'message',
  'notify',
  'let',
  'alert',
  'ping',
  'inform',
  'report',
  'flag',
  ...DM_WORDS,
];
const askedAfter = 'When our bank mails a payment notice, record the payment';
const unclearInput: SkillGraph['input'] = { unclear: required('array', 'What could not be decided: { what, amount, why }') };
const feeds = UNDECIDED.map((from) => ({ from, input: 'unclear', output: 'unclear', when: '$count({output}) > 0' }));
const UNSURE = [
  'unclear',
  'not clear',
  'does not',
  'do not match',
  'no match',
  'not match',
  'doubt',
  'unsure',
  'not sure',
  'cannot',
  "can't",
  'differ*',
  'otherwise',
  'several',
  'two invoices',
  'missing',
  'nothing',
  'if not',
  'not found',
  'question*',
  'ask',
  'asks',
  'exception*',
];

const common = {
  helps: ['ask', 'match', 'unclear', 'otherwise', 'nothing', 'missing'],
  askedAfter,
  feeds,
  permissions: ['slack.write'],
} satisfies Partial<SkillTemplate>;

/** Asks one person about what an earlier duty could not decide. */
export const askPersonUnclear: SkillTemplate = {
  ...common,
  id: 'ask_person_unclear',
  title: 'Ask {person} about what is not clear',
  asks: [
    'if it is unclear, ask Dana by direct message',
    'message @olu when something is not clear',
    'otherwise ask Rosa on Slack',
  ],
  does: [{ action: ['ask', 'tell', 'send'], to: 'person' }],
  needs: [ASK_WORDS, [...UNSURE, ...DM_WORDS]],
  excludes: ['remind*', 'every day', 'every week', 'digest*', 'summar*'],
  slots: [toPerson.slot],
  graphs: [
    {
      id: 'sg_ask_person_unclear_v1',
      title: 'Ask about what is not clear',
      input: { ...unclearInput, ...toPerson.input },
      ...inOrder([call('send', 'Ask', 'slack/slack.dm', { user: '=input.person', text: `=${QUESTION}` })]),
      output: { asked: '=$count(input.unclear)' },
      max_steps: 5,
    },
  ],
  allows: [
    {
      capability: 'slack/slack.dm',
      when: 'parameters.user = {person} and $substring(parameters.text, 0, 30) = "I could not do this by myself:"',
      said: ['person'],
      reason: 'The description asks to turn to {person} with what is not clear.',
    },
  ],
  example: {
    text: `${askedAfter}. If it is unclear, ask Dana by direct message.`,
    slots: { person: '@dana' },
    evaluate: [],
  },
};

/** Asks in a channel about what an earlier duty could not decide. */
export const askChannelUnclear: SkillTemplate = {
  ...common,
  id: 'ask_channel_unclear',
  title: 'Ask in {target} about what is not clear',
  asks: ['if it is unclear, ask in #accounts', 'otherwise flag it in #finance'],
  does: [{ action: ['ask', 'tell', 'label'], to: 'channel' }],
  needs: [[...ASK_WORDS, ...POST_WORDS], UNSURE],
  excludes: ['remind*', 'every day', 'every week', 'digest*', ...DM_WORDS],
  slots: [toChannel.slot],
  graphs: [
    {
      id: 'sg_ask_channel_unclear_v1',
      title: 'Ask about what is not clear',
      input: { ...unclearInput, ...toChannel.input },
      ...inOrder([call('send', 'Ask', 'slack/slack.post', { channel: '=input.target', text: `=${QUESTION}` })]),
      output: { asked: '=$count(input.unclear)' },
      max_steps: 5,
    },
  ],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and $not($exists(parameters.thread_ts)) and $substring(parameters.text, 0, 30) = "I could not do this by myself:"',
      said: ['target'],
      reason: 'The description asks to put what is not clear in {target}.',
    },
  ],
  example: { text: `${askedAfter}. If it is unclear, ask in #accounts.`, slots: { target: '#accounts' }, evaluate: [] },
};

/** Labels the mails that an earlier duty has worked off. */
export const labelWorkedOff: SkillTemplate = {
  id: 'label_worked_off',
  title: 'Label worked-off mail {label}',
  asks: [
    'label the mail "Done" afterwards',
    'mark the email with the label "Entered" once it is in the books',
    'when that is done tag the message as "Handled"',
  ],
  does: [{ action: 'label' }],
  needs: [['label*', 'tag', 'tags', 'mark', 'marks', 'file', 'files', 'move', 'moves']],
  helps: ['done', 'afterwards', 'mail', 'email', 'then', 'label'],
  excludes: ['emoji', 'react*', 'customer*', 'as paid', 'channel'],
  slots: [
    { name: 'label', kind: 'label', required: true, question: 'Which label of the mailbox? Put its name in quotation marks.' },
  ],
  feeds: OF_MAILS.map((from) => ({ from, input: 'mails', output: 'mails', when: '$count({output}) > 0' })),
  askedAfter,
  graphs: [
    {
      id: 'sg_label_worked_off_v1',
      title: 'Label worked-off mail',
      input: { mails: required('array', 'Ids of the mails'), label: required('string', 'A label of the mailbox') },
      ...inOrder([forEach('label_each', 'Label each', '[input.mails]', labelOneGraph, { id: '=item', label: '=input.label' })]),
      output: { labelled: '=$count(nodes.label_each)' },
      max_steps: 5,
    },
    labelOneGraph,
  ],
  permissions: ['email.write'],
  allows: [
    {
      capability: 'gmail/email.label',
      when: 'parameters.label = {label}',
      said: ['label'],
      reason: 'The description asks for the label {label}.',
    },
  ],
  example: { text: `${askedAfter}. Label the mail "Done" afterwards.`, slots: { label: 'Done' }, evaluate: [] },
};
