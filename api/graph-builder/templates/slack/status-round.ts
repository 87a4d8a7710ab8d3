import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { call, compute, inOrder, optional, required, within } from '../nodes.ts';
import { findAnswersGraph, QUOTE } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

const graph: SkillGraph = {
  id: 'sg_status_round_v1',
  title: 'Ask, wait and post the answers',
  input: {
    channel: required('string', 'Channel to ask in'),
    topic: required('string', 'What is asked'),
    wait_hours: optional('number', 'Hours until the answers are collected', 4),
  },
  ...inOrder([
    compute('question', 'Word the question', '"Please answer in this thread: " & input.topic'),
    call('ask', 'Ask', 'slack/slack.post', { channel: '=input.channel', text: '=nodes.question' }),
    { id: 'pause', kind: 'wait', title: 'Wait for the answers', seconds: '=input.wait_hours * 3600' },
    within('find', 'Read the answers', findAnswersGraph, { channel: '=input.channel', topic: '=input.topic' }),
    compute(
      'word',
      'Make the list',
      `(
  $quote := ${QUOTE};
  $lines := [nodes.find.answers.("• <@" & user & ">: " & $quote(text))];
  "Round of answers: " & ($count($lines) = 0 ? "none" : "\\n" & $join($lines, "\\n"))
)`,
    ),
    call('post', 'Post the list', 'slack/slack.post', {
      channel: '=input.channel',
      thread_ts: '=nodes.ask.ts',
      text: '=nodes.word',
    }),
  ]),
  output: { channel: '=input.channel', ts: '=nodes.ask.ts', count: '=$count(nodes.find.answers)' },
  max_steps: 20,
};

/** A round in one channel: asks, waits some hours, and posts who said what under the question. */
export const statusRound: SkillTemplate = {
  id: 'status_round',
  title: 'Hold a round in {channel}',
  asks: [
    'hold a daily stand-up round in #platform',
    'every Monday run a check-in in #team-north and post what everybody said',
    'do a written stand-up in #studio each morning',
  ],
  needs: [
    [
      'stand-up round*',
      'standup round*',
      'check-in round*',
      'written stand-up*',
      'written standup*',
      'daily stand-up',
      'daily standup',
      'async stand-up*',
      'async standup*',
      'asynchronous stand-up*',
      'stand-up in',
      'standup in',
      'check-in in',
      'status round*',
      'round of updates',
    ],
  ],
  helps: ['hold', 'run', 'daily', 'everybody', 'team'],
  excludes: ['calendar', 'meeting', 'invite*', 'notes', 'email*'],
  slots: [
    { name: 'channel', kind: 'source_channel', required: true, question: 'In which channel should the round be held?' },
    {
      name: 'topic',
      kind: 'topic',
      required: false,
      default: 'what did you do, what is next, what blocks you?',
      question: 'What should be asked?',
    },
  ],
  graphs: [graph, findAnswersGraph],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {channel} and (parameters.text = "Please answer in this thread: " & {topic} or ($exists(parameters.thread_ts) and $substring(parameters.text, 0, 18) = "Round of answers: "))',
      said: ['channel'],
      reason: 'The description asks for this round in {channel}.',
    },
  ],
  example: {
    text: 'Every weekday at 9:30 hold a written stand-up in #platform.',
    slots: { channel: '#platform' },
    evaluate: [
      {
        graph: graph.id,
        node: 'word',
        scope: { nodes: { find: { answers: [{ user: 'U1', text: 'All good <!here>' }] } } },
        expect: 'Round of answers: \n• <@U1>: All good < !here>',
      },
    ],
  },
};
