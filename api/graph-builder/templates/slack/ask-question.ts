import { text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

/** Asks a channel something; answers are expected in the thread. */
export const askQuestion: SkillTemplate = {
  id: 'ask_question',
  title: 'Ask {target}: {topic}',
  asks: [
    'ask the team in #crew what blocks them',
    'poll #everyone about lunch wishes',
    'every Wednesday ask in #sales for the forecast',
  ],
  needs: [['ask', 'asks', 'poll', 'polls', 'prompt', 'prompts']],
  helps: ['team', 'everyone', 'everybody', 'people', 'what', 'who', 'for'],
  excludes: [
    'remind*',
    'nag*',
    'approval',
    'permission',
    'collect*',
    'people ask',
    'they ask',
    'i ask',
    'customers ask',
    'members ask',
    'someone asks',
    'somebody asks',
    'ask me',
    'answer*',
  ],
  slots: [
    { name: 'target', kind: 'target_channel', required: true, question: 'In which channel should it be asked?' },
    { name: 'topic', kind: 'topic', required: true, question: 'What exactly should be asked?' },
  ],
  graphs: [
    {
      id: 'sg_ask_question_v1',
      title: 'Ask a question in a channel',
      input: { target: text('Channel to ask in'), topic: text('What is asked') },
      nodes: [
        {
          id: 'word',
          kind: 'transform',
          title: 'Word the question',
          expression: '"Please answer in this thread: " & input.topic',
        },
        {
          id: 'ask',
          kind: 'capability',
          title: 'Ask',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.target', text: '=nodes.word' },
        },
      ],
      edges: [{ from: 'word', to: 'ask' }],
      output: { channel: '=input.target', ts: '=nodes.ask.ts' },
      max_steps: 5,
    },
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and parameters.text = "Please answer in this thread: " & {topic}',
      said: ['target', 'topic'],
      reason: 'The description asks for this question in {target}.',
    },
  ],
  example: {
    text: 'Every Wednesday at 10:00 ask in #sales for the forecast.',
    slots: { target: '#sales', topic: 'the forecast' },
    evaluate: [
      {
        graph: 'sg_ask_question_v1',
        node: 'word',
        scope: { input: { topic: 'the forecast' } },
        expect: 'Please answer in this thread: the forecast',
      },
    ],
  },
};
