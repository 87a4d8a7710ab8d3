import { composeDigestGraph } from './compose-digest.ts';
import { text } from '../pieces.ts';
import { readChannelGraph } from './read-channel.ts';
import { sampleChannel, sampleDigest } from './samples.ts';
import type { SkillTemplate } from '../template.ts';
import { DM_WORDS } from '../words.ts';

/** Reads channels and sends one person what was said, as a direct message. */
export const channelSummaryDm: SkillTemplate = {
  id: 'channel_summary_dm',
  title: 'Send {person} a summary',
  asks: [
    'dm Ines a recap of what customers said in #feedback',
    'read #orders and dm Paul the open points',
    'privately send @lea an overview of #requests',
  ],
  needs: [DM_WORDS],
  helps: ['summar*', 'recap*', 'overview*', 'list', 'open', 'urgent', 'what', 'digest*', 'points'],
  excludes: ['remind*', 'nag*', 'saying', 'urgent messages', 'is urgent', 'immediately', 'right away', 'at once'],
  slots: [
    { name: 'channels', kind: 'source_channels', required: true, question: 'Which channels should be read for it?' },
    {
      name: 'person',
      kind: 'person',
      required: true,
      question: 'Who should get the message? Give the Slack name or e-mail address.',
    },
    { name: 'since_hours', kind: 'hours', required: false, default: 0, question: 'How far back should it look?' },
    { name: 'best', kind: 'count', required: false, default: 20, question: 'How many messages per channel?' },
  ],
  graphs: [
    {
      id: 'sg_channel_summary_dm_v1',
      title: 'Summary of channels for one person',
      input: {
        channels: { type: 'array', description: 'Channels to read', required: true },
        person: text('Who gets it: id, @name or e-mail address'),
        since_hours: { type: 'number', description: 'How far back; 0 = from the beginning', required: false, default: 0 },
        best: { type: 'number', description: 'Most messages to show per channel', required: false, default: 20 },
      },
      nodes: [
        {
          id: 'read_channels',
          kind: 'foreach',
          title: 'Read each channel',
          items: '[input.channels]',
          body: 'sg_read_channel_v1',
          input: { channel: '=item', since_hours: '=input.since_hours', best: '=input.best' },
          max_items: 20,
          max_parallel: 5,
        },
        {
          id: 'compose',
          kind: 'graph',
          title: 'Compose the summary',
          graph: 'sg_compose_digest_v1',
          input: { channels: '=[nodes.read_channels]' },
        },
        {
          id: 'send',
          kind: 'capability',
          title: 'Send it',
          capability: 'slack/slack.dm',
          parameters: { user: '=input.person', text: '=nodes.compose.text' },
        },
      ],
      edges: [
        { from: 'read_channels', to: 'compose' },
        { from: 'compose', to: 'send' },
      ],
      output: { ts: '=nodes.send.ts', covered: '=[nodes.compose.covered]', count: '=$count(nodes.compose.covered)' },
      max_steps: 20,
    },
    readChannelGraph,
    composeDigestGraph,
  ],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.dm',
      when: 'parameters.user = {person}',
      said: ['person'],
      reason: 'The description asks for a summary to {person}.',
    },
  ],
  example: {
    text: 'Every morning read #feedback and dm Ines a recap.',
    slots: { channels: ['#feedback'], person: '@ines' },
    evaluate: [
      {
        graph: 'sg_compose_digest_v1',
        node: 'sections',
        scope: { input: { channels: [sampleChannel] } },
        expect: sampleDigest,
      },
    ],
  },
};
