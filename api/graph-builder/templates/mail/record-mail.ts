import { PLAIN_IN_SLACK, toChannel } from '../deliver.ts';
import { call, compute, forEach, inOrder, optional, required, within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import {
  aboutSlot,
  evaluateNewMails,
  mailArguments,
  mailInput,
  newMailsGraph,
  onMail,
  sampleMail,
  sinceSlot,
  WHO,
} from './pieces.ts';

const FIELDS = ['Name', 'Company', 'Phone', 'Quantity', 'Amount', 'Date', 'Order', 'Number', 'Address'];
const BEGINNING = 'Entry: ';

const recordOne = {
  id: 'sg_record_mail_one_v1',
  title: 'Enter one mail',
  input: {
    mail: required('object', 'The mail'),
    target: required('string', 'Channel of the list'),
    fields: required('array', 'What is taken out of it: the words before the colon'),
  },
  ...inOrder([
    call('read', 'Read it', 'gmail/email.read', { id: '=input.mail.id' }),
    compute(
      'fields',
      'Take out the fields',
      `(
  $lines := [$split(nodes.read.text, /\\r?\\n/)];
  [input.fields.(
    $field := $;
    $line := [$lines[$lowercase($trim($substringBefore($, ":"))) = $lowercase($field) and $contains($, ":")]][0];
    $exists($line) ? {"field": $field, "value": $trim($substringAfter($line, ":"))}
  )]
)`,
    ),
    compute(
      'word',
      'Word the entry',
      `(
  $plain := ${PLAIN_IN_SLACK};
  $who := ${WHO};
  $fields := [nodes.fields.(field & ": " & $plain(value))];
  "${BEGINNING}" & $plain($who(input.mail)) & " | " & $plain(input.mail.subject) & ($count($fields) = 0 ? "" : " | " & $join($fields, " | "))
)`,
    ),
    call('post', 'Enter it', 'slack/slack.post', { channel: '=input.target', text: '=nodes.word' }),
  ]),
  output: '=nodes.post',
  max_steps: 10,
};

/** Enters each mail as one line of a list in Slack, with what stands in it as "Field: value". */
export const recordMail: SkillTemplate = {
  id: 'record_mail',
  title: 'Enter mail as lines of the list in {target}',
  asks: [
    'log each order that comes in by email as one line in #orders',
    'enter registrations from the mailbox into the list in #sign-ups',
    'record every booking request by mail in #bookings',
  ],
  needs: [
    [
      'log',
      'logs',
      'logged',
      'logging',
      'enter',
      'enters',
      'entered',
      'record',
      'records',
      'recorded',
      'register',
      'registers',
      'add',
      'adds',
      'note',
      'notes',
      'one line',
      'keep a list',
    ],
    ['email*', 'e-mail*', 'mail', 'mails', 'mailbox*', 'inbox*'],
  ],
  helps: ['list', 'line', 'order*', 'booking*', 'registration*', 'request*', 'each', 'every'],
  excludes: ['quickbooks', 'invoice*', 'bill', 'bills', 'payment*', 'digest*', 'calendar', 'label*', 'draft*', 'reply'],
  event: onMail,
  wholeSentence: true,
  slots: [
    toChannel.slot,
    {
      name: 'fields',
      kind: 'quoted_words',
      required: false,
      default: FIELDS,
      question: 'Which fields should be taken out of such a mail?',
    },
    sinceSlot,
    aboutSlot,
  ],
  graphs: [
    {
      id: 'sg_record_mail_v1',
      title: 'Enter mail into a list',
      input: { ...mailInput, ...toChannel.input, fields: optional('array', 'What is taken out of a mail', FIELDS) },
      ...inOrder([
        within('mails', 'Take the new mails', newMailsGraph, mailArguments),
        forEach('enter_each', 'Enter each', '[nodes.mails.mails]', recordOne, {
          mail: '=item',
          target: '=input.target',
          fields: '=[input.fields]',
        }),
      ]),
      output: { entered: '=$count(nodes.enter_each)', mails: '=[nodes.mails.mails.{"id": id, "thread_id": thread_id}]' },
      max_steps: 10,
    },
    newMailsGraph,
    recordOne,
  ],
  permissions: ['email.read', 'slack.write'],
  allows: [toChannel.allow(BEGINNING)],
  example: {
    text: 'Log each order that comes in by email as one line in #orders.',
    slots: { target: '#orders' },
    evaluate: [
      ...evaluateNewMails,
      {
        graph: recordOne.id,
        node: 'fields',
        scope: {
          input: { fields: ['Quantity', 'Date', 'Phone'] },
          nodes: { read: { text: 'Hello\nquantity: 40 <boxes>\nDate:  1 December\nthe rest' } },
        },
        expect: [
          { field: 'Quantity', value: '40 <boxes>' },
          { field: 'Date', value: '1 December' },
        ],
      },
      {
        graph: recordOne.id,
        node: 'word',
        scope: { input: { mail: sampleMail }, nodes: { fields: [{ field: 'Quantity', value: '40 <boxes>' }] } },
        expect: 'Entry: Rosa Lind | Where is my order? | Quantity: 40 &lt;boxes&gt;',
      },
    ],
  },
};
