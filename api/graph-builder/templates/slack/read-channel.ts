import type { SkillGraph } from '../../../../contracts/skill-graph.ts';

/**
 * Reads one channel and keeps its best messages, shortened: urgent ones and those with most replies first. The body of
 * every `foreach` over channels, so that what is joined stays small enough for a run's history.
 */
export const readChannelGraph: SkillGraph = {
  id: 'sg_read_channel_v1',
  title: 'Read one channel',
  input: {
    channel: { type: 'string', description: 'Channel to read, #name or id', required: true },
    best: { type: 'number', description: 'Most messages to keep', required: true },
    since_hours: { type: 'number', description: 'How far back; 0 = from the beginning', required: false, default: 0 },
  },
  nodes: [
    {
      id: 'read',
      kind: 'capability',
      title: 'Read the channel',
      capability: 'slack/slack.read',
      parameters: {
        channel: '=input.channel',
        limit: 100,
        oldest: '=$fromMillis(input.since_hours > 0 ? $toMillis(now) - input.since_hours * 3600000 : 0)',
      },
    },
    {
      id: 'pick',
      kind: 'transform',
      title: 'Keep what matters',
      // The name we were given, not the id the provider answers with: policy rules speak of names.
      expression: `{
  "channel": input.channel,
  "more": $exists(nodes.read.next_cursor) and $boolean(nodes.read.next_cursor),
  "total": $count(nodes.read.messages),
  "messages": [$filter(
    nodes.read.messages.{
      "ts": ts, "user": user, "text": $substring(text, 0, 300), "replies": $exists(reply_count) ? reply_count : 0
    }^(>($contains($lowercase(text), "urgent") ? 1 : 0), >replies, >ts),
    function($m, $i) { $i < $$.input.best }
  )]
}`,
    },
  ],
  edges: [{ from: 'read', to: 'pick' }],
  output: '=nodes.pick',
  max_steps: 10,
};
