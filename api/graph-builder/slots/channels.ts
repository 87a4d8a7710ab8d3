export interface ChannelMention {
  name: string;
  /** Read from, or written to. */
  role: 'source' | 'target' | 'unknown';
}

const CHANNEL = /(?<![\p{L}\p{N}&/])#[\p{Ll}\p{Lu}\p{N}][\p{L}\p{N}_-]*/gu;
const SOURCE_VERBS =
  /\b(?:reads?|reading|go(?:es|ing)? through|looks? (?:at|through|in)|check(?:s|ing)?|watch(?:es|ing)?|follow(?:s|ing)?|scan(?:s|ning)?|summari[sz](?:e|es|ing)|collect(?:s|ing)?|gather(?:s|ing)?|covers?|monitor(?:s|ing)?|wrote|written|said|happen(?:s|ed)|asked|asks about|was posted|were posted|been posted|came up|introduc\w+|joins?|everything)\b/gi;
const TARGET_VERBS =
  /\b(?:post|posts|posting|posted (?:to|in)|publish(?:es|ing)?|shares?|sharing|puts?|putting|writes?|writing|sends?|sending|drops?|announc(?:e|es|ing)|ask|asks|asking|deliver(?:s|ing)?|alerts?|goes (?:to|into|in)|tell|answer|reply|say)\b/gi;

/** "a digest of the messages in #x": where they are, or where they go? The other channels of the clause decide. */
const WEAK_SOURCE =
  /\b(?:messages|posts|questions|threads|news|conversations?|discussions?|activity)\s+(?:in|on)\s+(?:the\s+)?$/i;

/** The channels of a clause in order of appearance, each with its role by the words before it. */
export function channelMentions(text: string): ChannelMention[] {
  const mentions: ChannelMention[] = [];
  let previousEnd = -1;
  for (const match of text.matchAll(CHANNEL)) {
    const between = previousEnd < 0 ? undefined : text.slice(previousEnd, match.index);
    const isListed =
      between !== undefined && /^\s*(?:,|and|or|&|plus|as well as|,\s*and|,\s*or)\s*(?:in|from|of)?\s*$/i.test(between);
    const role = isListed ? mentions.at(-1)!.role : roleAt(text.slice(0, match.index));
    mentions.push({ name: match[0].replace(/[-_]+$/, '').toLowerCase(), role });
    previousEnd = match.index + match[0].length;
  }
  return mentions;
}

function roleAt(before: string): ChannelMention['role'] {
  if (/\b(?:to|into)\s+(?:the\s+(?:channel\s+)?)?$/i.test(before)) return 'target';
  if (/\b(?:of|from|across)\s+(?:the\s+(?:channels?\s+)?)?$/i.test(before)) return 'source';
  if (WEAK_SOURCE.test(before)) return 'unknown';
  const source = lastIndexOf(before, SOURCE_VERBS);
  const target = lastIndexOf(before, TARGET_VERBS);
  if (source < 0 && target < 0) return 'unknown';
  return source > target ? 'source' : 'target';
}

function lastIndexOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].at(-1)?.index ?? -1;
}
