import { messagesInput, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';
import { DM_WORDS, REACT_WORDS } from '../words.ts';

/** Greets whoever introduces themselves: an emoji on the message and a direct message. */
export const welcomeNewcomer: SkillTemplate = {
  id: 'welcome_newcomer',
  title: 'Welcome newcomers in {channel}',
  asks: [
    'when a new colleague says hello in #lobby, react with a wave and dm them our guide',
    'welcome new people in #hello with an emoji and a direct message',
    'whenever somebody joins and presents themselves in #start, put an emoji on it and dm them the rules',
  ],
  needs: [
    [
      'introduc*',
      'newcomer*',
      'new member*',
      'new colleague*',
      'new people',
      'new hire*',
      'joins',
      'welcome*',
      'says hello',
      'present themselves',
      'presents themselves',
    ],
    REACT_WORDS,
    DM_WORDS,
  ],
  helps: ['welcome*', 'rules', 'guide', 'hello', 'new'],
  excludes: [],
  wholeSentence: true,
  event: { source: 'slack' },
  slots: [
    { name: 'channel', kind: 'source_channel', required: true, question: 'In which channel do newcomers introduce themselves?' },
    { name: 'emoji', kind: 'emoji', required: false, default: 'wave', question: 'Which emoji?' },
    {
      name: 'text',
      kind: 'text',
      required: false,
      default: 'Welcome! Good to have you here.',
      question: 'What exactly should the direct message say?',
      asksWhenDefault: true,
    },
  ],
  graphs: [
    {
      id: 'sg_welcome_newcomer_v1',
      title: 'Welcome newcomers',
      input: {
        ...messagesInput,
        channel: text('Channel of the introductions'),
        emoji: text('Emoji name'),
        text: text('The direct message'),
      },
      nodes: [
        {
          id: 'each_newcomer',
          kind: 'foreach',
          title: 'Welcome each',
          items: '[input.messages]',
          body: 'sg_welcome_one_v1',
          input: { channel: '=input.channel', ts: '=item.ts', user: '=item.user', emoji: '=input.emoji', text: '=input.text' },
          max_items: 20,
          max_parallel: 5,
        },
      ],
      edges: [],
      output: { welcomed: '=$count(nodes.each_newcomer)' },
      max_steps: 5,
    },
    {
      id: 'sg_welcome_one_v1',
      title: 'Welcome one newcomer',
      input: {
        channel: text('Channel'),
        ts: text('Their message'),
        user: text('Their id'),
        emoji: text('Emoji name'),
        text: text('The direct message'),
      },
      nodes: [
        {
          id: 'react',
          kind: 'capability',
          title: 'React',
          capability: 'slack/slack.react',
          parameters: { channel: '=input.channel', ts: '=input.ts', emoji: '=input.emoji' },
        },
        {
          id: 'greet',
          kind: 'capability',
          title: 'Send the message',
          capability: 'slack/slack.dm',
          parameters: { user: '=input.user', text: '=input.text' },
        },
      ],
      edges: [{ from: 'react', to: 'greet' }],
      output: '=nodes.greet',
      max_steps: 5,
    },
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.react',
      when: 'parameters.emoji = {emoji} and parameters.channel = {channel}',
      said: ['channel', 'emoji'],
      reason: 'The description asks for :{emoji}: on introductions in {channel}.',
    },
    {
      capability: 'slack/slack.dm',
      when: 'parameters.text = {text}',
      said: ['text'],
      reason: 'The description gives the words of this message.',
    },
  ],
  example: {
    text: 'When a new colleague introduces themselves in #lobby, react with :wave: and dm them a message saying "Glad you are here".',
    slots: { channel: '#lobby', emoji: 'wave', text: 'Glad you are here' },
    evaluate: [],
  },
};
