import type { Delivery } from '../deliver.ts';
import { report, toChannel, toPerson } from '../deliver.ts';
import { within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { DIGEST_WORDS } from '../words.ts';
import {
  aboutSlot,
  evaluateNewMails,
  IS_NOTICE,
  mailArguments,
  mailInput,
  newMailsGraph,
  sampleMail,
  sampleNotice,
  sinceSlot,
  WHO,
} from './pieces.ts';
import { MAIL_WORDS } from './words.ts';

const ASKED_FOR = [
  ...DIGEST_WORDS,
  'list*',
  'what came in',
  'what arrived',
  'came in by',
  'new in',
  'report*',
  'brief*',
  'catch me up',
];

/** What came in by mail, one line each; what no person wrote is only counted. */
function mailDigest(of: {
  id: string;
  title: string;
  asks: string[];
  delivery: Delivery;
  example: SkillTemplate['example'];
}): SkillTemplate {
  return report({
    ...of,
    needs: [MAIL_WORDS, ASKED_FOR],
    helps: ['overnight', 'new', 'unread', 'came in', 'arrived', 'who', 'wrote'],
    excludes: ['urgent*', 'angry', 'waiting for', 'owe', 'owes', 'unanswered', 'not answered', 'draft*', 'event*', 'calendar'],
    slots: [sinceSlot, aboutSlot],
    input: mailInput,
    read: [within('mails', 'Take the new mails', newMailsGraph, mailArguments)],
    beginning: 'Mail: ',
    words: `(
    $isNotice := ${IS_NOTICE};
    $who := ${WHO};
    $all := [nodes.mails.mails];
    $people := [$all[$not($isNotice($))]];
    $notices := $count($all) - $count($people);
    $lines := [$people.("• " & $plain($who($)) & ": " & $plain(subject) & ($plain(snippet) = "" ? "" : " — " & $plain(snippet)))];
    ($count($people) = 0 ? "nothing new" : $many($count($people), "message", "messages") & "\\n" & $join($lines, "\\n"))
      & ($notices = 0 ? "" : "\\nand " & $many($notices, "newsletter or notice", "newsletters and notices"))
  )`,
    output: { count: '=$count(nodes.mails.mails)', mails: '=[nodes.mails.mails.{"id": id, "thread_id": thread_id}]' },
    more: [newMailsGraph],
    reads: ['email.read'],
  });
}

/** In the words that Slack shows: nothing of a mail may call or link there. */
function evaluate(id: string): SkillTemplate['example']['evaluate'] {
  return [
    ...evaluateNewMails,
    {
      graph: `sg_${id}_v1`,
      node: 'word',
      scope: { nodes: { mails: { mails: [sampleMail, sampleNotice] } } },
      expect:
        'Mail: 1 message\n• Rosa Lind: Where is my order? — I &lt;b&gt;still&lt;/b&gt; wait for it.\nand 1 newsletter or notice',
    },
    { graph: `sg_${id}_v1`, node: 'word', scope: { nodes: { mails: { mails: [] } } }, expect: 'Mail: nothing new' },
  ];
}

export const mailDigestPost = mailDigest({
  id: 'mail_digest',
  title: 'Post a digest of the mail in {target}',
  asks: [
    'post an overview of new emails in #front-desk',
    'summarise the inbox and share it in #office',
    "post a list of the day's emails in #team",
  ],
  delivery: toChannel,
  example: {
    text: 'Every morning at 8:20 post an overview of the new emails in #front-desk.',
    slots: { target: '#front-desk' },
    evaluate: evaluate('mail_digest'),
  },
});

export const mailDigestNote = mailDigest({
  id: 'mail_digest_note',
  title: 'Send {person} a digest of the mail',
  asks: [
    'dm Nora a summary of the new emails',
    'dm @sam what arrived by mail since yesterday',
    'privately send Lea a list of the mails in the inbox',
  ],
  delivery: toPerson,
  example: {
    text: 'Every weekday at 7:15 dm Nora a summary of the new emails.',
    slots: { person: '@nora' },
    evaluate: evaluate('mail_digest_note'),
  },
});
