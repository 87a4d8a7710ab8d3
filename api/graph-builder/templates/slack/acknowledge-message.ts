import { messagesInput, text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';
import { REACT_WORDS } from '../words.ts';

/** Puts an emoji on a message when it arrives, so that people know it has been seen. */
export const acknowledgeMessage: SkillTemplate = {
  id: 'acknowledge_message',
  title: 'Acknowledge messages in {channel} with :{emoji}:',
  asks: [
    'when somebody posts a request in #orders, react with eyes',
    'put an emoji on new questions in #desk',
    'mark each new message in #ideas with a bookmark',
  ],
  needs: [REACT_WORDS, ['question*', 'message*', 'request*', 'post*', 'it', 'them', 'that', 'with']],
  helps: ['new', 'each', 'every', 'seen', 'question*', 'message*', 'emoji', 'react*'],
  excludes: ['cover*', 'digest*', 'summar*', 'included', 'recap*', 'roundup*', 'direct message*', 'dm'],
  event: { source: 'slack' },
  slots: [
    { name: 'channel', kind: 'source_channel', required: true, question: 'In which channel?' },
    { name: 'emoji', kind: 'emoji', required: false, default: 'eyes', question: 'Which emoji?' },
  ],
  graphs: [
    {
      id: 'sg_acknowledge_v1',
      title: 'Acknowledge messages',
      input: { ...messagesInput, channel: text('Channel of the messages'), emoji: text('Emoji name') },
      nodes: [
        {
          id: 'react_each',
          kind: 'foreach',
          title: 'React to each',
          items: '[input.messages]',
          body: 'sg_acknowledge_one_v1',
          input: { channel: '=input.channel', ts: '=item.ts', emoji: '=input.emoji' },
          max_items: 50,
          max_parallel: 5,
        },
      ],
      edges: [],
      output: { acknowledged: '=$count(nodes.react_each)' },
      max_steps: 5,
    },
    {
      id: 'sg_acknowledge_one_v1',
      title: 'Acknowledge one message',
      input: { channel: text('Channel'), ts: text('Message'), emoji: text('Emoji name') },
      nodes: [
        {
          id: 'react',
          kind: 'capability',
          title: 'React',
          capability: 'slack/slack.react',
          parameters: { channel: '=input.channel', ts: '=input.ts', emoji: '=input.emoji' },
        },
      ],
      edges: [],
      output: '=nodes.react',
      max_steps: 5,
    },
  ],
  permissions: ['slack.write'],
  allows: [
    {
      capability: 'slack/slack.react',
      when: 'parameters.emoji = {emoji} and parameters.channel = {channel}',
      said: ['channel', 'emoji'],
      reason: 'The description asks for :{emoji}: in {channel}.',
    },
  ],
  example: {
    text: 'When somebody posts a request in #orders, react to it with :eyes:.',
    slots: { channel: '#orders', emoji: 'eyes' },
    evaluate: [],
  },
};
