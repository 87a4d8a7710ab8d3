import { PLAIN_IN_SLACK, toChannel } from '../deliver.ts';
import { call, compute, forEach, inOrder, required, within } from '../nodes.ts';
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

const BEGINNING = 'New mail from ';
const passOne = {
  id: 'sg_pass_mail_one_v1',
  title: 'Pass one mail on',
  input: { mail: required('object', 'The mail'), target: required('string', 'Channel to post in') },
  ...inOrder([
    call('read', 'Read it', 'gmail/email.read', { id: '=input.mail.id' }),
    compute(
      'word',
      'Word it',
      `(
  $plain := ${PLAIN_IN_SLACK};
  $who := ${WHO};
  $lines := [$split(nodes.read.text, /\\n+/)[$trim($) != "" and $not($contains($, /^(>|--|On .{1,200} wrote:)/))]];
  $files := [nodes.read.attachments.filename];
  "${BEGINNING}" & $plain($who(input.mail)) & ": *" & $plain(input.mail.subject) & "*\\n"
    & $join([$lines[[0..5]].("> " & $plain($))], "\\n")
    & ($count($lines) > 6 ? "\\n> …" : "")
    & ($count($files) = 0 ? "" : "\\nAttached: " & $join([$files.$plain($)], ", "))
)`,
    ),
    call('post', 'Post it', 'slack/slack.post', { channel: '=input.target', text: '=nodes.word' }),
  ]),
  output: '=nodes.post',
  max_steps: 10,
};

/** Posts what a mail says in a channel: sender, subject, its first lines and what is attached. */
export const forwardMail: SkillTemplate = {
  id: 'forward_mail',
  title: 'Post new mail in {target}',
  asks: [
    'when a vendor emails new terms, put the main points in #purchasing',
    'post each new inquiry that comes in by email in #sales',
    'forward incoming emails about orders to #warehouse',
    'when somebody applies by email, share the application in #hiring',
  ],
  needs: [
    [
      'email*',
      'e-mail*',
      'mail',
      'mails',
      'inbox*',
      'mailbox*',
      'inquir*',
      'enquir*',
      'application*',
      'subject',
      'writes',
      'newsletter*',
      'by mail',
      '@ in',
      'price list*',
      'order*',
    ],
    ['when*', 'if', 'each', 'every', 'new', 'incoming', 'any', 'as soon as', 'forward*', 'whatever', 'everything'],
  ],
  helps: ['when', 'new', 'each', 'every', 'incoming', 'forward*', 'main', 'sender', 'subject', 'short'],
  excludes: [
    'unanswered',
    'not been answered',
    'not answered',
    'list of',
    'overview*',
    'digest*',
    'overview*',
    'unanswered',
    'draft*',
    'reply',
    'replies',
    'urgent*',
    'angry',
    'lawyer*',
    'invoice*',
    'payment*',
    'reminder*',
    'how many',
  ],
  event: onMail,
  wholeSentence: true,
  slots: [toChannel.slot, sinceSlot, aboutSlot],
  graphs: [
    {
      id: 'sg_forward_mail_v1',
      title: 'Post new mail',
      input: { ...mailInput, ...toChannel.input },
      ...inOrder([
        within('mails', 'Take the new mails', newMailsGraph, mailArguments),
        forEach('pass_each', 'Pass each on', '[nodes.mails.mails]', passOne, { mail: '=item', target: '=input.target' }),
      ]),
      output: { posted: '=$count(nodes.pass_each)', mails: '=[nodes.mails.mails.{"id": id, "thread_id": thread_id}]' },
      max_steps: 10,
    },
    newMailsGraph,
    passOne,
  ],
  permissions: ['email.read', 'slack.write'],
  allows: [toChannel.allow(BEGINNING)],
  example: {
    text: 'When a vendor emails new terms, put the main points in #purchasing.',
    slots: { target: '#purchasing' },
    evaluate: [
      ...evaluateNewMails,
      {
        graph: passOne.id,
        node: 'word',
        scope: {
          input: { mail: sampleMail },
          nodes: { read: { text: 'Hello,\n\nthe <!channel> list:\n> old', attachments: [{ filename: 'prices.pdf' }] } },
        },
        expect: 'New mail from Rosa Lind: *Where is my order?*\n> Hello,\n> the &lt;!channel&gt; list:\nAttached: prices.pdf',
      },
    ],
  },
};
