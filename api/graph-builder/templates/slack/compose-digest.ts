import type { SkillGraph } from '../../../../contracts/skill-graph.ts';

/**
 * Words the digest, without a model: per channel the messages that were kept, one line each.
 * `<!` is broken up, so that no quoted message can call a whole channel.
 */
export const composeDigestGraph: SkillGraph = {
  id: 'sg_compose_digest_v1',
  title: 'Compose the digest',
  input: {
    channels: { type: 'array', description: 'What sg_read_channel_v1 answered, per channel', required: true },
  },
  nodes: [
    {
      id: 'sections',
      kind: 'transform',
      title: 'One section per channel',
      expression: '[[input.channels].{"channel": channel, "total": total, "more": more, "shown": [messages]}]',
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
  "Digest of " & $join([nodes.sections.channel], ", ") & "\\n\\n" & $join([$map(nodes.sections, $part)], "\\n\\n")
)`,
    },
  ],
  edges: [{ from: 'sections', to: 'word' }],
  output: {
    text: '=nodes.word',
    covered: '=[nodes.sections.($channel := channel; shown.{"channel": $channel, "ts": ts})]',
  },
  max_steps: 10,
};
