import type { Delivery } from '../deliver.ts';
import { PLAIN_IN_SLACK, toChannel, toPerson } from '../deliver.ts';
import { call, compute, forEach, inOrder, required, within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import {
  evaluateNewMails,
  mailArguments,
  mailInput,
  newMailsGraph,
  onMail,
  sampleMail,
  sinceSlot,
  WHO,
  aboutSlot,
} from './pieces.ts';

const URGENT_WORDS = [
  'urgent',
  'asap',
  'emergency',
  'immediately',
  'complaint',
  'lawyer',
  'attorney',
  'legal action',
  'unacceptable',
  'refund',
  'outage',
  'deadline today',
  'cancel',
];
const SPOKEN_OF = [
  'urgent*',
  'emergenc*',
  'angry',
  'furious',
  'upset',
  'complain*',
  'lawyer*',
  'attorney*',
  'legal',
  'threat*',
  'critical',
  'escalat*',
  'immediately',
  'right away',
  'straight away',
  'at once',
];
const MAIL = [
  'email*',
  'e-mail*',
  'mail',
  'mails',
  'inbox*',
  'mailbox*',
  'subject',
  'sender',
  'writes',
  'customer*',
  'client*',
  'patient*',
  'parent*',
  'guest*',
  'tenant*',
];

interface UrgentMail {
  id: string;
  title: string;
  asks: string[];
  example: SkillTemplate['example']['text'];
  delivery: Delivery;
}

/** Passes mail on that sounds urgent, by words that the manager may change: no rule of words reads between the lines. */
function urgentMail({ id, title, asks, example, delivery }: UrgentMail): SkillTemplate {
  const isPost = delivery === toChannel;
  const place = isPost ? 'target' : 'person';
  const body = {
    id: `sg_${id}_one_v1`,
    title: 'Pass one mail on',
    input: { ...delivery.input, text: required('string', 'What is said') },
    ...inOrder([
      isPost
        ? call('send', 'Post the alert', 'slack/slack.post', { channel: '=input.target', text: '=input.text' })
        : call('send', 'Send the alert', 'slack/slack.dm', { user: '=input.person', text: '=input.text' }),
    ]),
    output: '=nodes.send',
    max_steps: 5,
  };
  return {
    id,
    title,
    asks,
    needs: [SPOKEN_OF, MAIL],
    helps: ['subject*', 'sender*', 'email*', 'mail', 'customer*', 'lawyer*', 'alert*'],
    excludes: ['digest*', 'draft*', 'message in #', 'pull request*', 'label*', 'thread'],
    event: onMail,
    wholeSentence: true,
    slots: [
      delivery.slot,
      {
        name: 'words',
        kind: 'quoted_words',
        required: false,
        default: URGENT_WORDS,
        question: 'Which words make a mail urgent?',
      },
      sinceSlot,
      aboutSlot,
    ],
    graphs: [
      {
        id: `sg_${id}_v1`,
        title: 'Pass urgent mail on',
        input: { ...mailInput, ...delivery.input, words: required('array', 'Words that make a mail urgent') },
        ...inOrder([
          within('mails', 'Take the new mails', newMailsGraph, mailArguments),
          compute(
            'pick',
            'Compare the words',
            `(
  $plain := ${PLAIN_IN_SLACK};
  $who := ${WHO};
  $isUrgent := function($m) {
    $count($filter([$$.input.words], function($w) { $contains($lowercase($m.subject & " " & $m.snippet), $lowercase($w)) })) > 0
  };
  [$filter(nodes.mails.mails, $isUrgent).("Urgent mail from " & $plain($who($)) & " (" & $plain(from) & "): " & $plain(subject))]
)`,
          ),
          forEach('alert_each', 'Pass each on', '[nodes.pick]', body, { [place]: `=input.${place}`, text: '=item' }),
        ]),
        output: { alerts: '=$count(nodes.alert_each)' },
        max_steps: 10,
      },
      newMailsGraph,
      body,
    ],
    permissions: ['email.read', 'slack.write'],
    allows: [delivery.allow('Urgent mail from ')],
    example: {
      text: example,
      slots: isPost ? { target: '#escalations' } : { person: '@mona' },
      evaluate: [
        ...evaluateNewMails,
        {
          graph: `sg_${id}_v1`,
          node: 'pick',
          scope: {
            input: { words: ['lawyer'] },
            nodes: { mails: { mails: [sampleMail, { ...sampleMail, subject: 'My LAWYER <says>', snippet: '' }] } },
          },
          expect: ['Urgent mail from Rosa Lind (rosa@harbour.example): My LAWYER &lt;says&gt;'],
        },
      ],
    },
  };
}

export const urgentMailPost = urgentMail({
  id: 'urgent_mail',
  title: 'Alert {target} about urgent mail',
  asks: [
    'when an urgent email arrives, post subject and sender in #escalations',
    'if a customer writes an angry mail, alert #escalations right away',
  ],
  example: 'If an angry email from a customer arrives, post its subject and sender in #escalations right away.',
  delivery: toChannel,
});
export const urgentMailNote = urgentMail({
  id: 'urgent_mail_note',
  title: 'Tell {person} about urgent mail',
  asks: [
    'when an urgent email comes in, dm Mona at once',
    'if a client mails a complaint, send @sam a direct message immediately',
  ],
  example: 'When an urgent email comes in, send Mona a direct message at once.',
  delivery: toPerson,
});
