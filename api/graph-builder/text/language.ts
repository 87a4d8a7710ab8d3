import { francAll } from 'franc-min';

const ENGLISH =
  /\b(?:the|and|of|to|in|a|is|for|on|you|with|that|it|are|be|by|at|every|each|when|if|not|all|from|or|as|we|our|this|never|please|post|send)\b/gi;
/** Below this share of its words a text has too little of English to be read. */
const MIN_SHARE = 0.1;

/** The language of a text that is not English, in English words ("German"); undefined = English, or too short to tell. */
export function otherLanguage(text: string): string | undefined {
  const words = text.match(/\p{L}+/gu) ?? [];
  if (words.length < 8 || (text.match(ENGLISH)?.length ?? 0) / words.length >= MIN_SHARE) return undefined;
  const [best] = francAll(text.slice(0, 2_000));
  if (!best || best[0] === 'und' || best[0] === 'eng') return undefined;
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(best[0]);
}
