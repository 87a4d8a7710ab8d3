import { messagesInput, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

/** Answers "who is …?" in the thread, from the workspace's people. */
export const findPerson: SkillTemplate = {
  id: 'find_person',
  title: 'Say who somebody is',
  asks: [
    'when somebody asks who a colleague is, look the person up and reply in the thread',
    'if someone wants to know who a person is, find them and reply',
  ],
  needs: [
    ['who'],
    ['look up', 'look the', 'look them', 'find', 'search', 'identify'],
    ['person', 'people', 'colleague*', 'them', 'him', 'her', 'member*', 'somebody'],
  ],
  helps: ['asks', 'thread', 'answer*', 'reply', 'who'],
  excludes: ['dm', 'digest*', 'not answered', 'remind*'],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [],
  graphs: [
    {
      id: 'sg_find_person_v1',
      title: 'Say who people are',
      input: messagesInput,
      nodes: [
        {
          id: 'answer_each',
          kind: 'foreach',
          title: 'Answer each question',
          items: '[input.messages]',
          body: 'sg_find_one_person_v1',
          input: { channel: '=item.channel', ts: '=$exists(item.thread_ts) ? item.thread_ts : item.ts', question: '=item.text' },
          max_items: 20,
          max_parallel: 5,
        },
      ],
      edges: [],
      output: { answered: '=$count(nodes.answer_each)' },
      max_steps: 5,
    },
    {
      id: 'sg_find_one_person_v1',
      title: 'Answer one question',
      input: { channel: text('Where it was asked'), ts: text('Thread to answer in'), question: text('What was asked') },
      nodes: [
        {
          id: 'name',
          kind: 'transform',
          title: 'Read the name',
          expression:
            "($found := $match(input.question, /who(?:'s| is| are)\\s+([^?.!,]{1,80})/i)[0].groups[0]; $exists($found) ? $trim($found) : $substring(input.question, 0, 80))",
        },
        {
          id: 'find',
          kind: 'capability',
          title: 'Find the person',
          capability: 'slack/slack.users.find',
          parameters: { query: '=nodes.name' },
        },
        {
          id: 'word',
          kind: 'transform',
          title: 'Word the answer',
          expression:
            '($n := $count(nodes.find.users); $n = 1 ? "That is <@" & nodes.find.users[0].id & ">." : $n = 0 ? "I found nobody of that name." : "It may be " & $join([nodes.find.users[[0..4]].("<@" & id & ">")], " or ") & ".")',
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
        { from: 'name', to: 'find' },
        { from: 'find', to: 'word' },
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
      when: '$exists(parameters.thread_ts) and $contains(parameters.text, /^(That is <@[A-Z0-9]+>\\.|I found nobody of that name\\.|It may be <@[A-Z0-9]+>)/)',
      said: [],
      reason: 'The description asks to say in the thread who somebody is.',
    },
  ],
  example: {
    text: 'When somebody asks who a colleague is, look the person up and reply in the thread.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_find_one_person_v1',
        node: 'name',
        scope: { input: { question: 'Hi, who is Ana Lima?' } },
        expect: 'Ana Lima',
      },
      {
        graph: 'sg_find_one_person_v1',
        node: 'word',
        scope: { nodes: { find: { users: [{ id: 'U1' }] } } },
        expect: 'That is <@U1>.',
      },
      {
        graph: 'sg_find_one_person_v1',
        node: 'word',
        scope: { nodes: { find: { users: [{ id: 'U1' }, { id: 'U2' }] } } },
        expect: 'It may be <@U1> or <@U2>.',
      },
    ],
  },
};
