import { report, toAddress } from '../deliver.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import { readChannelGraph } from '../slack/read-channel.ts';
import type { SkillTemplate } from '../template.ts';
import { DIGEST_WORDS } from '../words.ts';

const noticeOne = {
  id: 'sg_mail_notice_one_v1',
  title: 'Mail one person',
  input: {
    to: required('string', 'E-mail address'),
    subject: required('string', 'Subject'),
    text: required('string', 'What it says'),
  },
  ...inOrder([call('send', 'Send it', 'gmail/email.send', { to: '=input.to', subject: '=input.subject', body: '=input.text' })]),
  output: '=nodes.send',
  max_steps: 5,
};

/** Mails the same words to each address of a list, one mail a person. */
export const mailNotice: SkillTemplate = {
  id: 'mail_notice',
  title: 'Mail a notice to {to}',
  asks: [
    'email team@clinic.example "The practice is closed on Friday"',
    'send an e-mail to office@school.example saying that the trip list is due',
    'every month mail the notice "Please send your hours" to staff@firm.example',
  ],
  needs: [
    ['email', 'emails', 'e-mail', 'e-mails', 'mail', 'mails', 'write', 'writes', 'send', 'sends', 'notify', 'remind', 'reminds'],
  ],
  helps: ['email*', 'notice', 'saying', 'to'],
  excludes: [
    'draft*',
    'reply',
    'replies',
    'answer*',
    'slack',
    'dm',
    'direct message*',
    'summar*',
    'digest*',
    'invoice*',
    'report*',
    'forward*',
  ],
  slots: [
    { name: 'to', kind: 'address', required: true, question: 'Which e-mail address should it go to?' },
    { name: 'text', kind: 'text', required: true, question: 'What exactly should the mail say? Put it in quotation marks.' },
  ],
  graphs: [
    {
      id: 'sg_mail_notice_v1',
      title: 'Mail a notice',
      input: {
        to: required('string', 'E-mail address'),
        others: optional('array', 'More addresses', []),
        text: required('string', 'What it says'),
        subject: optional('string', 'Subject; empty = the first words', ''),
      },
      ...inOrder([
        compute(
          'subject',
          'Choose the subject',
          'input.subject != "" ? input.subject : $trim($substring($replace($split(input.text, /[.!?\\n]/)[0], /\\s+/, " "), 0, 80))',
        ),
        forEach('send_each', 'Mail each', '[$distinct($append(input.to, input.others))]', noticeOne, {
          to: '=item',
          subject: '=nodes.subject = "" ? "Notice" : nodes.subject',
          text: '=input.text',
        }),
      ]),
      output: { sent: '=$count(nodes.send_each)' },
      max_steps: 10,
    },
    noticeOne,
  ],
  permissions: ['email.write'],
  allows: [
    {
      capability: 'gmail/email.send',
      when: 'parameters.to = {to} and parameters.body = {text} and $not($exists(parameters.cc)) and $not($exists(parameters.attachments))',
      said: ['to', 'text'],
      reason: 'The description gives this mail word by word.',
    },
  ],
  example: {
    text: 'On the first of every month at 9:00 send an e-mail to staff@firm.example saying "Please send your hours. Thank you!".',
    slots: { to: 'staff@firm.example', text: 'Please send your hours. Thank you!' },
    evaluate: [
      {
        graph: 'sg_mail_notice_v1',
        node: 'subject',
        scope: { input: { subject: '', text: 'Please send your hours. Thank you!' } },
        expect: 'Please send your hours',
      },
    ],
  },
};

/** A week of a Slack channel as a mail. */
export const channelMail: SkillTemplate = report({
  id: 'channel_mail',
  title: 'Mail a digest of channels to {to}',
  asks: [
    'email a summary of #projects to board@firm.example',
    'mail a weekly report of what happened in #site-b to owner@builder.example',
  ],
  needs: [
    ['email*', 'e-mail*', 'mail', 'mails'],
    [...DIGEST_WORDS, 'report*', 'list'],
  ],
  helps: ['channel*', 'week*', 'happened', 'summar*', 'report*'],
  excludes: ['invoice*', 'overdue', 'draft*', 'payment*', 'bill*', 'inbox', 'profit', 'new email*', 'incoming'],
  delivery: toAddress,
  slots: [
    { name: 'channels', kind: 'source_channels', required: true, question: 'Which channels should the mail cover?' },
    { name: 'since_hours', kind: 'hours', required: false, default: 0, question: 'How far back should it look?' },
    { name: 'best', kind: 'count', required: false, default: 20, question: 'How many messages per channel?' },
  ],
  input: {
    channels: required('array', 'Channels to read'),
    since_hours: optional('number', 'How far back, in hours; 0 = from the beginning', 0),
    best: optional('number', 'Most messages to show per channel', 20),
  },
  read: [
    forEach('read_channels', 'Read each channel', '[input.channels]', readChannelGraph, {
      channel: '=item',
      since_hours: '=input.since_hours',
      best: '=input.best',
    }),
  ],
  beginning: 'Digest of ',
  words: `$join([nodes.read_channels.channel], ", ") & "\\n" & $join([nodes.read_channels.(
    "\\n" & channel & ": " & $many(total, "message", "messages") & "\\n" & $join([messages.("- " & $plain(text) & (replies > 0 ? " (" & $many(replies, "reply", "replies") & ")" : ""))], "\\n")
  )], "\\n")`,
  more: [readChannelGraph],
  reads: ['slack.read'],
  example: {
    text: 'Every Friday at 16:00 email a summary of #projects to board@firm.example.',
    slots: { to: 'board@firm.example', channels: ['#projects'] },
    evaluate: [
      {
        graph: 'sg_channel_mail_v1',
        node: 'word',
        scope: {
          nodes: {
            read_channels: [{ channel: '#projects', total: 1, messages: [{ text: 'Roof is\ndone', user: 'U1', replies: 1 }] }],
          },
        },
        expect: 'Digest of #projects\n\n#projects: 1 message\n- Roof is done (1 reply)',
      },
    ],
  },
});
