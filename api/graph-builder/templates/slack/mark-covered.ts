import type { SkillTemplate } from '../template.ts';
import { REACT_WORDS } from '../words.ts';

/** Puts an emoji on every message that an earlier skill covered. */
export const markCovered: SkillTemplate = {
  id: 'mark_covered',
  title: 'Mark what was covered with :{emoji}:',
  asks: [
    'react with :eyes: to every message the digest included',
    'afterwards tick off each post you have covered',
    'put a bookmark emoji on the messages that went into the summary',
  ],
  needs: [
    REACT_WORDS,
    ['cover*', 'includ*', 'went into', 'made it into', 'summari*', 'picked up', 'used', 'mentioned', 'listed', 'digest*'],
  ],
  helps: ['message*', 'post', 'posts', 'each', 'every', 'all', 'digest', 'afterwards'],
  excludes: ['direct message', 'dm'],
  slots: [{ name: 'emoji', kind: 'emoji', required: false, default: 'white_check_mark', question: 'Which emoji?' }],
  feeds: [{ from: 'channel_digest', input: 'covered', output: 'covered', when: '$count({output}) > 0' }],
  askedAfter: 'Post a digest of #a in #b',
  graphs: [
    {
      id: 'sg_mark_covered_v1',
      title: 'Mark messages with an emoji',
      input: {
        covered: { type: 'array', description: 'Messages as { channel, ts }', required: true },
        emoji: { type: 'string', description: 'Emoji name without colons', required: true },
      },
      nodes: [
        {
          id: 'mark_each',
          kind: 'foreach',
          title: 'React to each message',
          items: '[input.covered]',
          body: 'sg_react_v1',
          input: { channel: '=item.channel', ts: '=item.ts', emoji: '=input.emoji' },
          max_items: 200,
          max_parallel: 5,
        },
      ],
      edges: [],
      output: { marked: '=$count(nodes.mark_each)' },
      max_steps: 10,
    },
    {
      id: 'sg_react_v1',
      title: 'React to one message',
      input: {
        channel: { type: 'string', description: 'Channel of the message', required: true },
        ts: { type: 'string', description: 'Timestamp of the message', required: true },
        emoji: { type: 'string', description: 'Emoji name without colons', required: true },
      },
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
      when: 'parameters.emoji = {emoji} and parameters.channel in {channels}',
      said: [],
      reason: 'The description asks to mark with :{emoji}: what was covered.',
    },
  ],
  example: {
    text: 'Post a recap of #help in #team-news. React with :eyes: to every message the recap included.',
    slots: { emoji: 'eyes' },
    evaluate: [],
  },
};
