import type { Delivery } from '../deliver.ts';
import { report, toChannel, toPerson } from '../deliver.ts';
import { within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { answers, askedAndAnswered, evaluateConversations, openConversationsGraph } from './conversations.ts';
import { WHO } from './pieces.ts';

interface OpenMail {
  id: string;
  title: string;
  asks: string[];
  example: string;
  delivery: Delivery;
  side: 'by_us' | 'by_them';
}

const UNANSWERED = [
  'unanswered',
  'not answered',
  'no answer',
  'without an answer',
  'without a reply',
  'not been answered',
  "haven't answered",
  'have not answered',
  'waiting for an answer',
  'waiting for a reply',
  'still waiting',
  'left open',
  'not replied',
  'fell through',
  'slipped through',
];
const AWAITED = [
  'owe me',
  'owes me',
  'owe us',
  'owes us',
  'still owe',
  'not answered me',
  'not answered us',
  'not replied to me',
  'not replied to us',
  'waiting on',
  "haven't heard",
  'have not heard',
  'no one answered',
  'nobody answered',
  'not written back',
  'heard nothing',
  'no reply to',
];

function openMail({ id, title, asks, example, delivery, side }: OpenMail): SkillTemplate {
  const isOurs = side === 'by_us';
  const beginning = isOurs ? 'Mail without an answer: ' : 'We wait for answers: ';
  const who = isOurs ? '$who($)' : 'to';
  return report({
    id,
    title,
    asks,
    needs: [
      isOurs ? UNANSWERED : AWAITED,
      [
        'email*',
        'e-mail*',
        'mail',
        'mails',
        'inbox*',
        'mailbox*',
        'sent',
        'wrote',
        'write',
        'message*',
        'answer*',
        'customer*',
        'client*',
      ],
    ],
    helps: ['list', 'who', 'answer*', 'still', 'sent', 'inbox', 'remind*'],
    excludes: ['channel', 'invoice*', 'thread in', 'payment*', ...(isOurs ? ['owe me', 'owe us'] : [])],
    delivery,
    read: [within('found', 'Find open conversations', openConversationsGraph, {})],
    beginning,
    words: `(
    $who := ${WHO};
    $all := [nodes.found.${side}];
    $days := function($m) { $floor(($toMillis(now) - $toMillis($m.date)) / 86400000) };
    $count($all) = 0 ? "none" : $many($count($all), "message", "messages") & "\\n"
      & $join([$all.("• " & $plain(${who}) & ": " & $plain(subject) & " (" & $many($days($), "day", "days") & ")")], "\\n")
  )`,
    output: { count: `=$count(nodes.found.${side})`, mails: `=[nodes.found.${side}.{"id": id, "thread_id": thread_id}]` },
    more: [openConversationsGraph],
    reads: ['email.read'],
    example: {
      text: example,
      slots: delivery === toPerson ? { person: '@mona' } : { target: '#front-desk' },
      evaluate: [
        ...evaluateConversations,
        {
          graph: `sg_${id}_v1`,
          node: 'word',
          scope: { now: '2026-11-23T10:00:00.000Z', nodes: { found: { by_us: [askedAndAnswered[1]!], by_them: answers } } },
          expect: isOurs
            ? 'Mail without an answer: 1 message\n• rosa@harbour.example: About t2 (2 days)'
            : 'We wait for answers: 1 message\n• ines@mill.example: About t1 (3 days)',
        },
      ],
    },
  });
}

export const unansweredMailPost = openMail({
  id: 'unanswered_mail',
  title: 'Post in {target} which mail has no answer yet',
  asks: ['post a list of unanswered emails in #front-desk', 'share the mails that have not been answered in #care'],
  example: 'Every day at 16:00 post a list of unanswered emails in #front-desk.',
  delivery: toChannel,
  side: 'by_us',
});
export const unansweredMailNote = openMail({
  id: 'unanswered_mail_note',
  title: 'Tell {person} which mail has no answer yet',
  asks: ['dm Mona the unanswered emails', 'dm @sam which mails of customers are still waiting for a reply'],
  example: 'Every day at 16:00 dm Mona the unanswered emails.',
  delivery: toPerson,
  side: 'by_us',
});
export const awaitedAnswers = openMail({
  id: 'awaited_answers',
  title: 'Tell {person} who has not answered our mail',
  asks: ['dm Mona who still owes us an answer to our mails', 'dm @sam who owes us an answer to our mails'],
  example: 'On Fridays at 15:00 go through the sent mail and dm Mona those who owe us an answer.',
  delivery: toPerson,
  side: 'by_them',
});
