import type { Delivery } from '../deliver.ts';
import { PLAIN_IN_SLACK, toChannel, toPerson } from '../deliver.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import { messagesInput } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

const HAPPENS = ['when*', 'if', 'as soon as', 'each time', 'every time', 'once', 'each', 'every', 'any', 'new', 'the moment'];
const SAID = [
  'post*',
  'write*',
  'report*',
  'mention*',
  'say',
  'says',
  'complain*',
  'announc*',
  'ask',
  'asks',
  'message*',
  'question*',
  'request*',
  'order*',
  'share*',
  'contains',
  'leave*',
];
const PASSED = [
  'dm',
  'dms',
  'direct message*',
  'pass it',
  'pass them',
  'pass on',
  'passes on',
  'pass that',
  'forward*',
  'copy',
  'copies',
  'repost*',
  'tell',
  'tells',
  'let',
  'inform*',
  'notif*',
  'alert*',
  'relay*',
  'message',
];

interface PassOn {
  id: string;
  title: string;
  asks: string[];
  example: string;
  delivery: Delivery;
}

/** Passes messages of a channel on, word by word: all of them, or those that have one of the words in quotation marks. */
function passOn({ id, title, asks, example, delivery }: PassOn): SkillTemplate {
  const isPost = delivery === toChannel;
  const place = isPost ? 'target' : 'person';
  const body = {
    id: `sg_${id}_one_v1`,
    title: 'Pass one message on',
    input: { ...delivery.input, text: required('string', 'What is said') },
    ...inOrder([
      isPost
        ? call('send', 'Post it', 'slack/slack.post', { channel: '=input.target', text: '=input.text' })
        : call('send', 'Send it', 'slack/slack.dm', { user: '=input.person', text: '=input.text' }),
    ]),
    output: '=nodes.send',
    max_steps: 5,
  };
  return {
    id,
    title,
    asks,
    needs: [HAPPENS, SAID, PASSED],
    helps: ['message*', 'somebody', 'someone', 'forward*', 'pass*', 'dm'],
    excludes: [
      'digest*',
      'summar*',
      'recap*',
      'overview*',
      'email*',
      'e-mail*',
      'mail',
      'mails',
      'react*',
      'emoji*',
      'answer*',
      'repl*',
      'invoice*',
      'owe*',
      'payment*',
      'unanswered',
      'nobody',
      'no one',
      'every day',
      'every week*',
      'every morning',
      'every hour',
      'welcome*',
      'saying',
      'joins',
      'look up',
    ],
    wholeSentence: true,
    event: { source: 'slack' },
    slots: [
      delivery.slot,
      { name: 'channel', kind: 'source_channel', required: true, question: 'Messages of which channel?' },
      { name: 'words', kind: 'quoted_words', required: false, default: [], question: 'Only messages with which words?' },
    ],
    graphs: [
      {
        id: `sg_${id}_v1`,
        title: 'Pass messages on',
        input: {
          ...messagesInput,
          ...delivery.input,
          channel: required('string', 'Channel of the messages'),
          words: optional('array', 'Only messages with one of these; empty = all', []),
        },
        ...inOrder([
          compute(
            'pick',
            'Word each',
            `(
  $plain := ${PLAIN_IN_SLACK};
  $words := [input.words];
  $channel := input.channel;
  $fits := function($m) { $count($words) = 0 or $count($filter($words, function($w) { $contains($lowercase($m.text), $lowercase($w)) })) > 0 };
  [$filter(input.messages, $fits).("From " & $channel & ", <@" & user & ">: " & $plain(text))]
)`,
          ),
          forEach('pass_each', 'Pass each on', '[nodes.pick]', body, { [place]: `=input.${place}`, text: '=item' }),
        ]),
        output: { passed: '=$count(nodes.pass_each)' },
        max_steps: 10,
      },
      body,
    ],
    permissions: ['slack.write'],
    allows: [
      {
        capability: isPost ? 'slack/slack.post' : 'slack/slack.dm',
        when: isPost
          ? 'parameters.channel = {target} and $not($exists(parameters.thread_ts)) and $substring(parameters.text, 0, $length("From " & {channel} & ", ")) = "From " & {channel} & ", "'
          : 'parameters.user = {person} and $substring(parameters.text, 0, $length("From " & {channel} & ", ")) = "From " & {channel} & ", "',
        said: [place, 'channel'],
        reason: `The description asks to pass messages of {channel} on to {${place}}.`,
      },
    ],
    example: {
      text: example,
      slots: { channel: '#repairs', ...(isPost ? { target: '#caretakers' } : { person: '@tom' }) },
      evaluate: [
        {
          graph: `sg_${id}_v1`,
          node: 'pick',
          scope: {
            input: {
              channel: '#repairs',
              words: ['LEAK'],
              messages: [
                { channel: 'C1', ts: '1.1', user: 'U1', text: 'A leak <!channel> in flat 4' },
                { channel: 'C1', ts: '1.2', user: 'U2', text: 'Thanks' },
              ],
            },
          },
          expect: ['From #repairs, <@U1>: A leak &lt;!channel&gt; in flat 4'],
        },
      ],
    },
  };
}

export const passOnNote = passOn({
  id: 'pass_on_note',
  title: 'Pass messages of {channel} on to {person}',
  asks: ['when somebody reports a leak in #repairs, dm @tom the message', 'whenever a tenant posts in #repairs, tell @tom'],
  example: 'When somebody reports a leak in #repairs, dm @tom the message.',
  delivery: toPerson,
});
export const passOnPost = passOn({
  id: 'pass_on_post',
  title: 'Pass messages of {channel} on to {target}',
  asks: ['when somebody reports a leak in #repairs, forward the message to #caretakers'],
  example: 'When somebody reports a leak in #repairs, forward the message to #caretakers.',
  delivery: toChannel,
});
