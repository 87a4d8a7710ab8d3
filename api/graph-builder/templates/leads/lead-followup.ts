import type { Delivery } from '../deliver.ts';
import { report, toChannel, toPerson } from '../deliver.ts';
import { evaluateConversations, openConversationsGraph } from '../mail/conversations.ts';
import { sampleMail, WHO } from '../mail/pieces.ts';
import { within } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { LEAD_WORDS } from './lead-intake.ts';

/** Inquiries that nobody has answered for two days, the oldest first. */
function leadFollowup(of: {
  id: string;
  title: string;
  asks: string[];
  delivery: Delivery;
  text: string;
  filled: SkillTemplate['example']['slots'];
}): SkillTemplate {
  return report({
    ...of,
    needs: [
      LEAD_WORDS,
      [
        'nobody',
        'no one',
        'unanswered',
        'not answered',
        'no answer',
        'no reply',
        'not replied',
        'follow up',
        'follow-up*',
        'followed up',
        'chase*',
        'waiting',
        'left open',
        'gone cold',
        'untouched',
        'remind*',
      ],
    ],
    helps: ['days', 'sales', 'remind*', 'list', 'after', 'tell*'],
    excludes: ['acknowledg*', 'draft*', 'invoice*', 'crm'],
    wholeSentence: true,
    read: [within('found', 'Find open conversations', openConversationsGraph, { after_hours: 48 })],
    beginning: 'Inquiries to follow up: ',
    words: `(
    $who := ${WHO};
    $all := [nodes.found.by_us];
    $count($all) = 0 ? "none" : $many($count($all), "inquiry", "inquiries") & "\\n"
      & $join([$all.("• " & $plain($who($)) & " (" & $plain(from) & "): " & $plain(subject) & ", since " & $substring(date, 0, 10))], "\\n")
  )`,
    output: { count: '=$count(nodes.found.by_us)', mails: '=[nodes.found.by_us.{"id": id, "thread_id": thread_id}]' },
    more: [openConversationsGraph],
    reads: ['email.read'],
    example: {
      text: of.text,
      slots: of.filled,
      evaluate: [
        ...evaluateConversations,
        {
          graph: `sg_${of.id}_v1`,
          node: 'word',
          scope: { nodes: { found: { by_us: [sampleMail], by_them: [] } } },
          expect: 'Inquiries to follow up: 1 inquiry\n• Rosa Lind (rosa@harbour.example): Where is my order?, since 2026-11-23',
        },
      ],
    },
  });
}

export const leadFollowupPost = leadFollowup({
  id: 'lead_followup',
  title: 'Remind {target} of open inquiries',
  asks: [
    'post the email inquiries that nobody has answered in #sales',
    'post a list of unanswered leads from the mailbox in #sales',
  ],
  delivery: toChannel,
  text: 'Every morning at 9:00 post the email inquiries that nobody has answered in #sales.',
  filled: { target: '#sales' },
});
export const leadFollowupNote = leadFollowup({
  id: 'lead_followup_note',
  title: 'Remind {person} of open inquiries',
  asks: [
    'dm Mona the email inquiries that are still unanswered',
    'dm @sam the leads in the inbox that nobody has followed up on',
  ],
  delivery: toPerson,
  text: 'Every morning at 9:00 dm Mona the email inquiries that are still unanswered.',
  filled: { person: '@mona' },
});
