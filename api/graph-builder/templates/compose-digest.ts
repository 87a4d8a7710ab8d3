import type { SkillGraph } from '../../../contracts/skill-graph.ts';

/**
 * Chooses and words the digest, without a model: per channel urgent messages and those with most replies first, one line each.
 * `<!` is broken up, so that no quoted message can call a whole channel.
 */
export const composeDigestGraph: SkillGraph = {
  id: 'sg_compose_digest_v1',
  title: 'Compose the digest',
  input: {
    channels: { type: 'array', description: 'What sg_read_channel_v1 answered, per channel', required: true },
    best: { type: 'number', description: 'Most messages to show per channel', required: true },
  },
  nodes: [
    {
      id: 'choose',
      kind: 'transform',
      title: 'Choose the messages',
      expression: `[[input.channels].{
  "channel": channel,
  "total": $count(messages),
  "more": more,
  "shown": [$filter(messages^(>($contains($lowercase(text), "urgent") ? 1 : 0), >replies, >ts), function($m, $i) { $i < $$.input.best })]
}]`,
    },
    {
      id: 'word',
      kind: 'transform',
      title: 'Word the digest',
      expression: `(
  $line := function($m) {(
    $text := $replace($replace($m.text, "\\n", " "), "<!", "< !");
    "• " & ($length($text) > 160 ? $substring($text, 0, 159) & "…" : $text)
      & " — <@" & $m.user & ">"
      & ($m.replies = 1 ? ", 1 reply" : $m.replies > 1 ? ", " & $m.replies & " replies" : "")
  )};
  $part := function($c) {
    "*" & $c.channel & "*: " & (
      $c.total = 0 ? "nothing new" :
      $c.total & ($c.total = 1 ? " message" : " messages") & ($c.more ? " (the newest 100)" : "")
      & "\\n" & $join([$map($c.shown, $line)], "\\n")
    )
  };
  "Digest of " & $join([nodes.choose.channel], ", ") & "\\n\\n" & $join([$map(nodes.choose, $part)], "\\n\\n")
)`,
    },
  ],
  edges: [{ from: 'choose', to: 'word' }],
  output: {
    text: '=nodes.word',
    covered: '=[nodes.choose.($channel := channel; shown.{"channel": $channel, "ts": ts})]',
  },
  max_steps: 10,
};
