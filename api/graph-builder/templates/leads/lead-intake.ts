import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { PLAIN_IN_SLACK, toChannel } from '../deliver.ts';
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
  WHO,
} from '../mail/pieces.ts';
import { call, compute, forEach, inOrder, required, within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

const BEGINNING = 'New inquiry from ';
const THANKS = 'Thank you for your inquiry. We have received it, and somebody will get back to you soon.';
/** What people call those who may become customers. */
export const LEAD_WORDS = [
  'lead',
  'leads',
  'prospect*',
  'inquir*',
  'enquir*',
  'contact form*',
  'quote request*',
  'request* for a quote',
  'request* for quote*',
  'quotation request*',
  'offer request*',
  'request* for an offer',
  'new business',
  'potential customer*',
  'potential client*',
  'interested part*',
  'sales request*',
  'trial request*',
  'demo request*',
  'admission request*',
];

const takeOne: SkillGraph = {
  id: 'sg_lead_one_v1',
  title: 'Take one inquiry',
  input: {
    mail: required('object', 'The mail'),
    target: required('string', 'Channel of sales'),
    words: required('string', 'What is answered'),
  },
  ...inOrder([
    compute(
      'word',
      'Word it',
      `($plain := ${PLAIN_IN_SLACK}; $who := ${WHO}; $m := input.mail; "${BEGINNING}" & $plain($who($m)) & " (" & $plain($m.from) & "): *" & $plain($m.subject) & "*" & ($plain($m.snippet) = "" ? "" : "\\n> " & $plain($m.snippet)))`,
    ),
    call('post', 'Tell sales', 'slack/slack.post', { channel: '=input.target', text: '=nodes.word' }),
    {
      ...call('reply', 'Acknowledge it', 'gmail/email.reply', {
        id: '=input.mail.id',
        to: '=input.mail.from',
        body: '=input.words',
      }),
      on_refused: 'continue',
    } as SkillGraph['nodes'][number],
  ]),
  output: { from: '=input.mail.from', acknowledged: '=$not($exists(nodes.reply.refused))' },
  max_steps: 10,
};

/** A new inquiry is told to sales and acknowledged, in this order: a colleague knows even where the answer waits for a yes. */
export const leadIntake: SkillTemplate = {
  id: 'lead_intake',
  title: 'Acknowledge inquiries and tell {target}',
  asks: [
    'when a new inquiry arrives by email, acknowledge it and post it in #sales',
    'when a lead writes to the mailbox, confirm receipt and tell #business-development',
  ],
  needs: [LEAD_WORDS, ['acknowledg*', 'confirm*', 'reply', 'replies', 'answer*', 'thank*', 'respond*', 'receipt']],
  helps: ['new', 'email*', 'sales', 'channel', 'post*', 'tell*', 'received'],
  excludes: ['draft*', 'not answered', 'unanswered', 'nobody'],
  wholeSentence: true,
  event: onMail,
  slots: [
    toChannel.slot,
    {
      name: 'words',
      kind: 'text',
      required: false,
      default: THANKS,
      question: 'What exactly should the answer say?',
      asksWhenDefault: true,
    },
    sinceSlot,
    aboutSlot,
  ],
  graphs: [
    {
      id: 'sg_lead_intake_v1',
      title: 'Take new inquiries',
      input: { ...mailInput, ...toChannel.input, words: required('string', 'What is answered') },
      ...inOrder([
        within('mails', 'Take the new mails', newMailsGraph, mailArguments),
        compute(
          'pick',
          'Keep what a person wrote',
          `($isNotice := ${IS_NOTICE}; [$filter(nodes.mails.mails, function($m) { $not($isNotice($m)) })])`,
        ),
        forEach('take_each', 'Take each', '[nodes.pick]', takeOne, {
          mail: '=item',
          target: '=input.target',
          words: '=input.words',
        }),
      ]),
      output: { count: '=$count(nodes.take_each)', mails: '=[nodes.pick.{"id": id, "thread_id": thread_id}]' },
      // A lead's name is worth knowing the next time.
      remember: [
        {
          scope: 'employee',
          kind: 'contact',
          key: "='lead.' & $lowercase(item.from)",
          value: { name: '=item.from_name', subject: '=$substring(item.subject, 0, 200)' },
          for_each: '[nodes.pick]',
          confidence: 0.6,
          expires_in_days: 365,
        },
      ],
      max_steps: 10,
    },
    newMailsGraph,
    takeOne,
  ],
  permissions: ['email.read', 'email.write', 'slack.write'],
  allows: [
    toChannel.allow(BEGINNING),
    {
      capability: 'gmail/email.reply',
      when: 'parameters.body = {words}',
      said: ['words'],
      reason: 'The description gives the words of this answer.',
    },
  ],
  example: {
    text: 'When a new inquiry arrives by email, acknowledge it with "Thank you, we call you tomorrow" and post it in #sales.',
    slots: { target: '#sales', words: 'Thank you, we call you tomorrow' },
    evaluate: [
      ...evaluateNewMails,
      {
        graph: 'sg_lead_intake_v1',
        node: 'pick',
        scope: { nodes: { mails: { mails: [sampleMail, sampleNotice] } } },
        expect: [sampleMail],
      },
      {
        graph: takeOne.id,
        node: 'word',
        scope: { input: { mail: sampleMail } },
        expect:
          'New inquiry from Rosa Lind (rosa@harbour.example): *Where is my order?*\n> I &lt;b&gt;still&lt;/b&gt; wait for it.',
      },
    ],
  },
};
