import { findAnswersGraph, QUOTE, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';
import { POST_WORDS } from '../words.ts';

/** Gathers the answers to a question and posts them as a list. */
export const collectReplies: SkillTemplate = {
  id: 'collect_replies',
  title: 'Post the answers from {channel} in {target}',
  asks: [
    'post all replies as a list in #leads',
    'gather the responses and share them in #office',
    'publish the collected answers in #management',
  ],
  needs: [
    [...POST_WORDS, 'collect*', 'gather*', 'compil*'],
    ['answers', 'replies', 'responses', 'collected', 'results', 'what came back', 'what they said'],
  ],
  helps: ['list', 'collect*', 'gather*', 'all', 'answers', 'replies'],
  excludes: ['remind*', 'nag*', 'digest*'],
  slots: [
    {
      name: 'channel',
      kind: 'source_channel',
      required: true,
      question: 'In which channel was the question asked?',
      from: { template: 'ask_question', slot: 'target' },
    },
    {
      name: 'topic',
      kind: 'topic',
      required: true,
      question: 'Which question is meant?',
      from: { template: 'ask_question', slot: 'topic' },
    },
    { name: 'target', kind: 'target_channel', required: true, question: 'In which channel should the answers be posted?' },
  ],
  askedAfter: 'Ask in #a for news',
  graphs: [
    {
      id: 'sg_collect_replies_v1',
      title: 'Collect the answers to a question',
      input: {
        channel: text('Channel of the question'),
        topic: text('What was asked'),
        target: text('Channel to post the list in'),
      },
      nodes: [
        {
          id: 'find',
          kind: 'graph',
          title: 'Find question and answers',
          graph: 'sg_find_answers_v1',
          input: { channel: '=input.channel', topic: '=input.topic' },
        },
        {
          id: 'word',
          kind: 'transform',
          title: 'Make the list',
          expression: `(
  $quote := ${QUOTE};
  $lines := [nodes.find.answers.("• <@" & user & ">: " & $quote(text))];
  "Answers from " & input.channel & " (" & input.topic & "): " & ($count($lines) = 0 ? "none" : "\\n" & $join($lines, "\\n"))
)`,
        },
        {
          id: 'post',
          kind: 'capability',
          title: 'Post the list',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.target', text: '=nodes.word' },
        },
      ],
      edges: [
        { from: 'find', to: 'word' },
        { from: 'word', to: 'post' },
      ],
      output: { channel: '=input.target', ts: '=nodes.post.ts', count: '=$count(nodes.find.answers)' },
      max_steps: 10,
    },
    findAnswersGraph,
  ],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and $not($exists(parameters.thread_ts))',
      said: ['target'],
      reason: 'The description asks for the answers in {target}.',
    },
  ],
  example: {
    text: 'On Wednesdays ask in #sales for the forecast. On Thursdays gather the replies and post them in #leads.',
    slots: { channel: '#sales', topic: 'the forecast', target: '#leads' },
    evaluate: [
      {
        graph: 'sg_collect_replies_v1',
        node: 'word',
        scope: {
          input: { channel: '#sales', topic: 'the forecast' },
          nodes: { find: { answers: [{ user: 'U2', text: 'Twelve\n<!channel>' }] } },
        },
        expect: 'Answers from #sales (the forecast): \n• <@U2>: Twelve < !channel>',
      },
    ],
  },
};
