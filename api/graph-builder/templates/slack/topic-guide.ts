import { messagesInput, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

/** Answers, in the thread, which channel a topic belongs to. */
export const topicGuide: SkillTemplate = {
  id: 'topic_guide',
  title: 'Say which channel a topic belongs to',
  asks: [
    'if someone is unsure where to put a question, name the channel that suits it',
    'tell people which channel is right for their subject',
    'when a person asks in which channel something fits, search the channel list and reply in the thread',
  ],
  needs: [
    ['where', 'which', 'right', 'suits', 'fitting', 'proper'],
    ['channel*', 'belongs', 'fits'],
  ],
  helps: ['topic*', 'belongs', 'right', 'channels', 'asks', 'subject', 'answer*', 'name'],
  excludes: ['digest*', 'summar*', 'dm', 'direct message*'],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [],
  graphs: [
    {
      id: 'sg_topic_guide_v1',
      title: 'Name the right channel',
      input: messagesInput,
      nodes: [
        {
          id: 'list',
          kind: 'capability',
          title: 'List the channels',
          capability: 'slack/slack.channels.list',
          parameters: { limit: 200 },
        },
        {
          id: 'answer_each',
          kind: 'foreach',
          title: 'Answer each question',
          items: '[input.messages]',
          body: 'sg_answer_topic_v1',
          input: {
            channel: '=item.channel',
            ts: '=$exists(item.thread_ts) ? item.thread_ts : item.ts',
            question: '=item.text',
            channels: '=[nodes.list.channels]',
          },
          max_items: 20,
          max_parallel: 5,
        },
      ],
      edges: [{ from: 'list', to: 'answer_each' }],
      output: { answered: '=$count(nodes.answer_each)' },
      max_steps: 10,
    },
    {
      id: 'sg_answer_topic_v1',
      title: 'Answer one question',
      input: {
        channel: text('Where it was asked'),
        ts: text('Thread to answer in'),
        question: text('What was asked'),
        channels: { type: 'array', description: 'The channels there are', required: true },
      },
      nodes: [
        {
          id: 'rank',
          kind: 'transform',
          title: 'Compare the words',
          expression: `(
  $words := $distinct($match($lowercase(input.question), /[a-z]{4,}/).match);
  [[input.channels].(
    $about := $lowercase(name & " " & topic & " " & purpose);
    {"id": id, "name": name, "score": $count($words[$contains($about, $)])}
  )^(>score)[score > 0]]
)`,
        },
        {
          id: 'word',
          kind: 'transform',
          title: 'Word the answer',
          expression:
            '$count(nodes.rank) = 0 ? "I found no channel for this; please ask a colleague." : "This fits best in <#" & nodes.rank[0].id & ">."',
        },
        {
          id: 'reply',
          kind: 'capability',
          title: 'Answer in the thread',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.channel', thread_ts: '=input.ts', text: '=nodes.word' },
        },
      ],
      edges: [
        { from: 'rank', to: 'word' },
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
      when: '$exists(parameters.thread_ts) and ($substring(parameters.text, 0, 17) = "This fits best in" or parameters.text = "I found no channel for this; please ask a colleague.")',
      said: [],
      reason: 'The description asks to name the right channel in the thread.',
    },
  ],
  example: {
    text: 'When a person asks which channel is right for a subject, answer with the name of the channel.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_answer_topic_v1',
        node: 'rank',
        scope: {
          input: {
            question: 'Where do I ask about leather tools?',
            channels: [
              { id: 'C1', name: 'tools', purpose: 'Leather and paper tools' },
              { id: 'C2', name: 'random' },
            ],
          },
        },
        expect: [{ id: 'C1', name: 'tools', score: 2 }],
      },
      {
        graph: 'sg_answer_topic_v1',
        node: 'word',
        scope: { nodes: { rank: [{ id: 'C1', name: 'tools', score: 2 }] } },
        expect: 'This fits best in <#C1>.',
      },
    ],
  },
};
