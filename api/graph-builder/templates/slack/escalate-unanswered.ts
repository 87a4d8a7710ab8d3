import { report, toChannel, toPerson, type Delivery } from '../deliver.ts';
import { call, compute, optional, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

const NOT_ANSWERED = [
  'unanswered',
  'not answered',
  'no answer',
  'no reply',
  'no response',
  'not been answered',
  'not replied',
  'nobody answers',
  'nobody answered',
  'nobody replies',
  'nobody replied',
  'nobody responds',
  'nobody has answered',
  'nobody has replied',
  'no one answers',
  'no one answered',
  'no one has answered',
  'no one has replied',
  'without an answer',
  'without a reply',
  'without answer',
  'without reply',
  'goes unanswered',
  'left open',
  'still open',
  'waiting for an answer',
];

/** Questions of a channel that nobody has answered in time: to a person, or to another channel. */
function escalate(of: {
  id: string;
  title: string;
  asks: string[];
  delivery: Delivery;
  text: string;
  to: { [slot: string]: string };
}): SkillTemplate {
  const beginning = 'Still without an answer in ';
  return report({
    ...of,
    needs: [
      NOT_ANSWERED,
      ['question*', 'message*', 'post', 'posts', 'request*', 'thread*', 'ticket*', 'somebody', 'someone', 'asks', 'call*'],
    ],
    helps: ['hours', 'after', 'within', 'dm', 'escalate*', 'tell', 'nobody'],
    excludes: [
      'email*',
      'e-mail*',
      'mail',
      'mails',
      'inbox*',
      'invoice*',
      'those who',
      'everyone who',
      'everybody who',
      'people who',
      'whoever',
      'remind everybody',
      'remind everyone',
    ],
    wholeSentence: true,
    slots: [
      { name: 'channel', kind: 'source_channel', required: true, question: 'In which channel are the questions asked?' },
      { name: 'after_hours', kind: 'hours', required: false, default: 4, question: 'After how many hours?' },
    ],
    input: {
      channel: required('string', 'Channel of the questions'),
      after_hours: optional('number', 'Hours that a question may wait', 4),
    },
    read: [
      call('read', 'Read the channel', 'slack/slack.read', {
        channel: '=input.channel',
        limit: 200,
        oldest: '=$fromMillis($toMillis(now) - 7 * 86400000)',
      }),
      compute(
        'open',
        'Keep what waits too long',
        `(
  $due := $toMillis(now) - input.after_hours * 3600000;
  [nodes.read.messages[$contains(text, "?") and $not($exists(reply_count) and reply_count > 0) and $number(ts) * 1000 < $due]^(ts)]
)`,
      ),
    ],
    beginning,
    words: `input.channel & ": " & ($count(nodes.open) = 0 ? "nothing" : $many($count(nodes.open), "question", "questions") & "\\n"
    & $join([nodes.open.("• <@" & user & ">: " & $plain(text))], "\\n"))`,
    output: { count: '=$count(nodes.open)' },
    reads: ['slack.read'],
    example: {
      text: of.text,
      slots: { channel: '#it-help', ...of.to },
      evaluate: [
        {
          graph: `sg_${of.id}_v1`,
          node: 'open',
          scope: {
            now: '1970-01-01T06:00:00.000Z',
            input: { after_hours: 4 },
            nodes: {
              read: {
                messages: [
                  { ts: '20000.000100', user: 'U1', text: 'New?' },
                  { ts: '3600.000100', user: 'U2', text: 'Old?' },
                  { ts: '3600.000200', user: 'U3', text: 'Answered?', reply_count: 1 },
                  { ts: '3600.000300', user: 'U4', text: 'No question' },
                ],
              },
            },
          },
          expect: [{ ts: '3600.000100', user: 'U2', text: 'Old?' }],
        },
        {
          graph: `sg_${of.id}_v1`,
          node: 'word',
          scope: { input: { channel: '#it-help' }, nodes: { open: [{ user: 'U2', text: 'Old?' }] } },
          expect: 'Still without an answer in #it-help: 1 question\n• <@U2>: Old?',
        },
      ],
    },
  });
}

export const escalateToPerson = escalate({
  id: 'escalate_unanswered',
  title: 'Tell {person} about questions without an answer',
  asks: [
    'if a question in #it-help has no answer after four hours, dm Mona',
    'every hour dm @sam the unanswered questions in #care',
  ],
  delivery: toPerson,
  text: 'Every two hours dm Mona the questions in #it-help that nobody has answered.',
  to: { person: '@mona' },
});
export const escalateToChannel = escalate({
  id: 'post_unanswered',
  title: 'Post questions without an answer in {target}',
  asks: ['every afternoon post the unanswered questions from #it-help in #it-leads'],
  delivery: toChannel,
  text: 'Every day at 15:00 post the unanswered questions from #it-help in #it-leads.',
  to: { target: '#it-leads' },
});
