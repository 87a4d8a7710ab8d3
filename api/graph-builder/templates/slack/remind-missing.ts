import { findAnswersGraph, sendNoteGraph, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

/** Reminds by direct message those who have not answered a question. */
export const remindMissing: SkillTemplate = {
  id: 'remind_missing',
  title: 'Remind those who have not answered in {channel}',
  asks: [
    'remind everybody who did not reply by direct message',
    'chase those whose answer is missing',
    'nudge those who have not responded to the question yet',
  ],
  needs: [
    [
      'remind*',
      'nag',
      'nags',
      'nagging',
      'chase*',
      'chasing',
      'nudg*',
      'ping',
      'pings',
      'prod',
      'poke',
      'follow up',
      'dm',
      'dms',
      'direct message*',
      'message',
      'ask again',
      'write to',
    ],
    [
      'not yet',
      'not answered',
      'not replied',
      'not responded',
      'not submitted',
      'not filled',
      'not sent',
      'not reply',
      'not answer',
      'not respond',
      "hasn't",
      "haven't",
      "didn't",
      'have yet to',
      'has yet to',
      'missing',
      'outstanding',
      'owe',
      'owes',
      'still silent',
      'kept silent',
      'no answer from',
      'no reply from',
      'without an answer',
    ],
    [
      'answer*',
      'repl*',
      'respon*',
      'missing',
      'submitted',
      'submit',
      'filled',
      'form',
      'forms',
      'update*',
      'hours',
      'silent',
      'react*',
      'owe',
      'owes',
    ],
  ],
  helps: ['not', 'who', 'everyone', 'everybody', 'dm', 'direct message', 'those', 'yet', 'still'],
  excludes: [
    'invoice*',
    'email*',
    'e-mail*',
    'mails',
    'customer*',
    'payment*',
    'owe us',
    'question in',
    'questions in',
    'questions that',
  ],
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
  ],
  askedAfter: 'Ask in #a for news',
  graphs: [
    {
      id: 'sg_remind_missing_v1',
      title: 'Remind those who have not answered',
      input: { channel: text('Channel of the question'), topic: text('What was asked') },
      nodes: [
        {
          id: 'find',
          kind: 'graph',
          title: 'Find question and answers',
          graph: 'sg_find_answers_v1',
          input: { channel: '=input.channel', topic: '=input.topic' },
        },
        {
          id: 'missing',
          kind: 'transform',
          title: 'Who has not answered',
          // Whoever wrote in the channel within four weeks is expected to answer, unless the run names the people.
          expression: `(
  $expected := $exists(trigger.payload.people) ? [trigger.payload.people] : [nodes.find.people];
  $answered := [nodes.find.answers.user];
  nodes.find.asked ? [$expected[$not($ in $answered)]] : []
)`,
        },
        {
          id: 'remind_each',
          kind: 'foreach',
          title: 'Remind each',
          items: '[nodes.missing]',
          body: 'sg_send_note_v1',
          input: { user: '=item', text: '="Reminder: your answer is still missing in " & input.channel & ": " & input.topic' },
          max_items: 100,
          max_parallel: 5,
        },
      ],
      edges: [
        { from: 'find', to: 'missing' },
        { from: 'missing', to: 'remind_each' },
      ],
      output: { reminded: '=[nodes.missing]' },
      max_steps: 10,
    },
    findAnswersGraph,
    sendNoteGraph,
  ],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.dm',
      when: 'parameters.text = "Reminder: your answer is still missing in " & {channel} & ": " & {topic}',
      said: [],
      reason: 'The description asks to remind those who have not answered in {channel}.',
    },
  ],
  example: {
    text: 'Every Wednesday at 10:00 ask in #sales for the forecast. Every Thursday at 10:00 remind everybody who did not reply.',
    slots: { channel: '#sales', topic: 'the forecast' },
    evaluate: [
      {
        graph: 'sg_remind_missing_v1',
        node: 'missing',
        scope: {
          trigger: { payload: {} },
          nodes: { find: { asked: true, people: ['U1', 'U2'], answers: [{ user: 'U2', text: '12' }] } },
        },
        expect: ['U1'],
      },
      {
        graph: 'sg_find_answers_v1',
        node: 'find',
        scope: {
          input: { topic: 'the forecast' },
          nodes: {
            read: {
              messages: [
                { ts: '1.1', user: 'B', text: 'Please answer in this thread: the forecast' },
                { ts: '2.1', user: 'U1', text: 'hi' },
              ],
            },
          },
        },
        expect: { ts: '1.1', user: 'B', text: 'Please answer in this thread: the forecast' },
      },
    ],
  },
};
