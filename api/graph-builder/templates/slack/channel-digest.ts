import { composeDigestGraph } from './compose-digest.ts';
import { readChannelGraph } from './read-channel.ts';
import { sampleChannel, sampleDigest } from './samples.ts';
import type { SkillTemplate } from '../template.ts';
import { DIGEST_WORDS, POST_WORDS } from '../words.ts';

/** Reads channels, words a digest and posts it in another channel. */
export const channelDigest: SkillTemplate = {
  id: 'channel_digest',
  title: 'Write the digest for {target}',
  asks: [
    'publish a roundup of #help and #bugs in #team-news',
    'share a short recap of what people wrote in #sales to #sales-leads',
    'post a weekly overview of #ideas in #board',
    'write up the highlights from #random and post them to #news',
  ],
  needs: [
    [
      ...DIGEST_WORDS,
      'what is new',
      "what's new",
      'what happened',
      'what was said',
      'what was posted',
      'what people wrote',
      'main points',
      'key points',
      'important points',
      'most important',
      'best',
      'top',
      'news of',
      'news from',
      'briefing*',
      'report*',
    ],
    [...POST_WORDS, ...DIGEST_WORDS],
  ],
  helps: ['channel*', 'message*', 'post*', 'best', 'most', 'short', 'day', 'week*', 'happened', 'wrote', 'thread*'],
  excludes: [
    'direct message',
    'dm',
    'dms',
    'privately',
    'invoice*',
    'email*',
    'e-mail*',
    'mails',
    'inbox',
    'unanswered',
    'not answered',
    'nobody',
  ],
  slots: [
    { name: 'channels', kind: 'source_channels', required: true, question: 'Which channels should the digest cover?' },
    { name: 'target', kind: 'target_channel', required: true, question: 'In which channel should the digest be posted?' },
    { name: 'since_hours', kind: 'hours', required: false, default: 0, question: 'How far back should it look?' },
    { name: 'best', kind: 'count', required: false, default: 10, question: 'How many messages per channel?' },
  ],
  graphs: [
    {
      id: 'sg_channel_digest_v1',
      title: 'Digest of channels',
      input: {
        channels: { type: 'array', description: 'Channels to read', required: true },
        target: { type: 'string', description: 'Channel to post the digest in', required: true },
        since_hours: { type: 'number', description: 'How far back; 0 = from the beginning', required: false, default: 0 },
        best: { type: 'number', description: 'Most messages to show per channel', required: false, default: 10 },
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
          title: 'Compose the digest',
          graph: 'sg_compose_digest_v1',
          input: { channels: '=[nodes.read_channels]' },
        },
        {
          id: 'post',
          kind: 'capability',
          title: 'Post the digest',
          capability: 'slack/slack.post',
          parameters: { channel: '=input.target', text: '=nodes.compose.text' },
        },
      ],
      edges: [
        { from: 'read_channels', to: 'compose' },
        { from: 'compose', to: 'post' },
      ],
      output: {
        channel: '=input.target',
        ts: '=nodes.post.ts',
        covered: '=[nodes.compose.covered]',
        count: '=$count(nodes.compose.covered)',
      },
      max_steps: 20,
    },
    readChannelGraph,
    composeDigestGraph,
  ],
  permissions: ['slack.read', 'slack.write'],
  allows: [
    {
      capability: 'slack/slack.post',
      when: 'parameters.channel = {target} and $not($exists(parameters.thread_ts))',
      said: ['target'],
      reason: 'The description asks for a digest in {target}.',
    },
  ],
  example: {
    text: 'Publish a roundup of #help and #bugs in #team-news.',
    slots: { channels: ['#help', '#bugs'], target: '#team-news' },
    evaluate: [
      {
        graph: 'sg_read_channel_v1',
        node: 'pick',
        scope: {
          input: { channel: '#help', since_hours: 24, best: 10 },
          nodes: { read: { channel: 'C1', messages: [{ ts: '1.1', user: 'U1', text: 'Printer is on fire', reply_count: 2 }] } },
        },
        expect: sampleChannel,
      },
      {
        graph: 'sg_compose_digest_v1',
        node: 'sections',
        scope: { input: { channels: [sampleChannel] } },
        expect: sampleDigest,
      },
      {
        graph: 'sg_compose_digest_v1',
        node: 'word',
        scope: { nodes: { sections: sampleDigest } },
        expect: 'Digest of #help\n\n*#help*: 1 message\n• Printer is on fire — <@U1>, 2 replies',
      },
    ],
  },
};
