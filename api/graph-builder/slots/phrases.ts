/** Words to be sent as they stand: in quotation marks, or after "saying". At most 500 characters. */
export function findText(text: string): string | undefined {
  const quoted = /"([^"]{1,500})"/.exec(text);
  if (quoted) return quoted[1]!.trim();
  const said =
    /\b(?:saying(?: that)?|with the words|(?:repl(?:y|ies|ying)|answer(?:s|ing)?|respond(?:s|ing)?|writ(?:e|es|ing) back) that)\s+(?!who|what|how|when|where|which|if\b)(.{3,500}?)[.!]?$/is.exec(
      text,
    );
  return said ? said[1]!.trim() : undefined;
}

const TOPIC = [
  /\b(?:ask|asks|asking|poll|prompt)\b[^.]*?\b(?:for|about)\s+(.{3,120}?)(?:\s+(?:in|on|by|via|every|each|at)\s+(?:#|\p{Lu}|a |the |\d)|[.,;]|$)/iu,
  /\b(?:ask|asks|asking)\b[^.]*?\b((?:what|how|which|who|where|when|whether|if)\s.{3,120}?)(?:\s+(?:in|on)\s+#|[.;]|$)/iu,
];

/** What a question is about: "for everyone's hours", "what they plan to do". */
export function findTopic(text: string): string | undefined {
  const quoted = findText(text);
  if (quoted) return quoted;
  const plain = text.replace(/\b(?:in|to)\s+#[\p{L}\p{N}_-]+\s*/gu, '');
  for (const pattern of TOPIC) {
    const match = pattern.exec(plain);
    if (match) return toReader(match[1]!.trim().replace(/\s+/g, ' '));
  }
  return undefined;
}

/** "what they plan" is asked as "what you plan". */
function toReader(topic: string): string {
  return topic
    .replace(/\b(?:every(?:one|body)'s|their|people's|the team's)\b/gi, 'your')
    .replace(/\bthey\b/gi, 'you')
    .slice(0, 200);
}
