import { messagesInput, QUOTE, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

/** Sums a thread up, in the thread: who said what, in short. */
export const threadSummary: SkillTemplate = {
  id: 'thread_summary',
  title: 'Sum up a thread',
  asks: [
    'when somebody asks for it, sum up the thread in a reply',
    'if a person wants a recap of a long thread, write one into the thread',
  ],
  needs: [
    ['sum up', 'sums up', 'summar*', 'recap*', 'tl;dr', 'condense*'],
    ['thread', 'threads', 'discussion'],
  ],
  helps: ['asks', 'reply', 'long', 'asked'],
  excludes: ['digest*', 'dm', 'direct message*', 'channels'],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [],
  graphs: [
    {
      id: 'sg_thread_summary_v1',
      title: 'Sum up threads',
      input: messagesInput,
      nodes: [
        {
          id: 'sum_up_each',
          kind: 'foreach',
          title: 'Sum up each thread',
          items: '[input.messages]',
          body: 'sg_sum_up_thread_v1',
          input: { channel: '=item.channel', ts: '=$exists(item.thread_ts) ? item.thread_ts : item.ts' },
          max_items: 10,
          max_parallel: 5,
        },
      ],
      edges: [],
      output: { summaries: '=$count(nodes.sum_up_each)' },
      max_steps: 5,
    },
    {
      id: 'sg_sum_up_thread_v1',
      title: 'Sum up one thread',
      input: { channel: text('Channel'), ts: text('First message of the thread') },
      nodes: [
        {
          id: 'read',
          kind: 'capability',
          title: 'Read the thread',
          capability: 'slack/slack.thread.read',
          parameters: { channel: '=input.channel', thread_ts: '=input.ts', limit: 200 },
        },
        {
          id: 'word',
          kind: 'transform',
          title: 'Word the summary',
          expression: `(
  $quote := ${QUOTE};
  $people := $distinct([nodes.read.messages.user]);
  "Summary: " & $count(nodes.read.messages) & " messages of " & $count($people) & ($count($people) = 1 ? " person.\\n" : " people.\\n")
    & $join([$map($people, function($p) { "• <@" & $p & ">: " & $join([nodes.read.messages[user = $p].$substring($quote(text), 0, 100)], " / ") })], "\\n")
)`,
        },
        {
          id: 'reply',
          kind: 'capability',
          title: 'Reply in the thread',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.channel', thread_ts: '=input.ts', text: '=nodes.word' },
        },
      ],
      edges: [
        { from: 'read', to: 'word' },
        { from: 'word', to: 'reply' },
      ],
      output: '=nodes.reply',
      max_steps: 10,
    },
  ],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: '$exists(parameters.thread_ts) and $substring(parameters.text, 0, 9) = "Summary: "',
      said: [],
      reason: 'The description asks for summaries in their threads.',
    },
  ],
  example: {
    text: 'When somebody asks for a recap, sum up the thread in a reply.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_sum_up_thread_v1',
        node: 'word',
        scope: {
          nodes: {
            read: {
              messages: [
                { ts: '1.1', user: 'U1', text: 'Shall we?' },
                { ts: '1.2', user: 'U2', text: 'Yes' },
              ],
            },
          },
        },
        expect: 'Summary: 2 messages of 2 people.\n• <@U1>: Shall we?\n• <@U2>: Yes',
      },
    ],
  },
};
