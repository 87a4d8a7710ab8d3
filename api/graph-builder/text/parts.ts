import { startsDuty } from './clauses.ts';
import { isLimit } from '../limits/read-limit.ts';

/** A sentence may hold a duty and its limit: "post it in #a, but never in #b". Each part is read on its own. */
export function splitParts(sentence: string): string[] {
  const joints =
    /(?:,?\s+but\s+|,\s+(?:(?:just|so|then|instead|please|and)\s+)?(?=\p{L}+\s)|\.\.\.\s+|\s+—\s+|\s+-\s+|,\s+(?=(?:and )?(?:never|not|no)\b)|\s+and\s+(?=never\b)|,\s+(?=only (?:after|with|when|if)\b))/giu;
  const parts: string[] = [];
  let start = 0;
  for (const joint of sentence.matchAll(joints)) {
    const rest = sentence.slice(joint.index + joint[0].length);
    const before = sentence.slice(start, joint.index);
    if (!isLimit(rest) && !isLimit(before)) continue;
    if (
      /^,\s+(?:just|so|then|instead|please|and)?\s*$/i.test(joint[0]) &&
      !(isLimit(before) && !isLimit(rest) && startsDuty(rest))
    )
      continue;
    parts.push(sentence.slice(start, joint.index));
    start = joint.index + joint[0].length;
  }
  parts.push(sentence.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
