import { text } from '../pieces.ts';
import type { SkillTemplate } from '../template.ts';

/** Posts a list of the workspace's channels with what they are for. */
export const channelDirectory: SkillTemplate = {
  id: 'channel_directory',
  title: 'Post a list of channels in {target}',
  asks: [
    'post a directory of all our channels in #start',
    'once a month share the list of channels with their purpose in #hello',
  ],
  needs: [['list', 'lists', 'directory', 'catalogue', 'index', 'guide', 'overview'], ['channels']],
  helps: ['all', 'our', 'channels', 'purpose', 'directory', 'topic*'],
  excludes: ['dm', 'direct message*', 'wrote', 'happened', 'belongs'],
  slots: [{ name: 'target', kind: 'target_channel', required: true, question: 'In which channel should the list be posted?' }],
  graphs: [
    {
      id: 'sg_channel_directory_v1',
      title: 'List of channels',
      input: { target: text('Channel to post the list in') },
      nodes: [
        {
          id: 'list',
          kind: 'capability',
          title: 'List the channels',
          capability: 'slack/slack.channels.list',
          parameters: { limit: 200 },
        },
        {
          id: 'word',
          kind: 'transform',
          title: 'Make the list',
          expression:
            '"Our channels:\\n" & $join([nodes.list.channels^(name).("• <#" & id & ">" & ($exists(purpose) and purpose != "" ? ": " & $substring($replace(purpose, "<!", "< !"), 0, 120) : ""))], "\\n")',
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
        { from: 'list', to: 'word' },
        { from: 'word', to: 'post' },
      ],
      output: { channel: '=input.target', ts: '=nodes.post.ts', count: '=$count(nodes.list.channels)' },
      max_steps: 10,
    },
  ],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and $substring(parameters.text, 0, 13) = "Our channels:"',
      said: ['target'],
      reason: 'The description asks for the list of channels in {target}.',
    },
  ],
  example: {
    text: 'On the first of every month post a directory of all our channels in #start.',
    slots: { target: '#start' },
    evaluate: [
      {
        graph: 'sg_channel_directory_v1',
        node: 'word',
        scope: {
          nodes: {
            list: {
              channels: [
                { id: 'C2', name: 'zoo' },
                { id: 'C1', name: 'art', purpose: 'Pictures' },
              ],
            },
          },
        },
        expect: 'Our channels:\n• <#C1>: Pictures\n• <#C2>',
      },
    ],
  },
};
