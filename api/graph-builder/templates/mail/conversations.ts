import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { call, compute, inOrder, optional } from '../nodes.ts';
import { IS_NOTICE } from './pieces.ts';

/**
 * Who waits for whom: the mails of the last days against what was sent in the same threads. A mail waits from a day after it
 * came, since most are answered within it.
 */
export const openConversationsGraph: SkillGraph = {
  id: 'sg_open_conversations_v1',
  title: 'Find open conversations',
  input: {
    days: optional('number', 'How far back, in days', 14),
    after_hours: optional('number', 'Hours after which an answer is due', 24),
  },
  ...inOrder([
    call('inbox', 'Look at what came in', 'gmail/email.search', {
      query: '="in:inbox newer_than:" & $string(input.days) & "d"',
      limit: 25,
    }),
    call('sent', 'Look at what was sent', 'gmail/email.search', {
      query: '="in:sent newer_than:" & $string(input.days) & "d"',
      limit: 25,
    }),
    compute(
      'open',
      'Compare them',
      `(
  $isNotice := ${IS_NOTICE};
  $due := $fromMillis($toMillis(now) - input.after_hours * 3600000);
  $in := nodes.inbox.emails;
  $out := nodes.sent.emails;
  $open := function($these, $those) {
    [$filter($these, function($m) {
      $m.date <= $due and $count($these[thread_id = $m.thread_id and date > $m.date]) = 0
        and $count($those[thread_id = $m.thread_id and date >= $m.date]) = 0
    })^(date)]
  };
  {"by_us": $open([$in[$not($isNotice($))]], $out), "by_them": $open($out, $in)}
)`,
    ),
  ]),
  output: '=nodes.open',
  max_steps: 10,
};

const mail = (id: string, thread: string, date: string, from = 'rosa@harbour.example') => ({
  id,
  thread_id: thread,
  from,
  from_name: '',
  to: 'ines@mill.example',
  subject: `About ${thread}`,
  date,
  snippet: '',
});
export const askedAndAnswered = [mail('m1', 't1', '2026-11-20T08:00:00.000Z'), mail('m2', 't2', '2026-11-21T08:00:00.000Z')];
export const answers = [mail('m3', 't1', '2026-11-20T10:00:00.000Z', 'desk@millrace.example')];
const [, open] = askedAndAnswered;

/** One mail is answered, the other not; and our answer waits for theirs. */
export const evaluateConversations = [
  {
    graph: openConversationsGraph.id,
    node: 'open',
    scope: {
      now: '2026-11-23T10:00:00.000Z',
      input: { days: 14, after_hours: 24 },
      nodes: { inbox: { emails: askedAndAnswered }, sent: { emails: answers } },
    },
    expect: { by_us: [open!], by_them: answers },
  },
];
