import { isLimit } from '../limits/read-limit.ts';
import { startsDuty } from './clauses.ts';

/** "but", a dash, "never", "only after": a limit may begin here, whatever it is about. */
const STRONG = /^(?:,?\s+but\s+|\s+—\s+|\s+-\s+|\.\.\.\s+)$/i;
const JOINTS =
  /(?:,?\s+but\s+|\.\.\.\s+|\s+—\s+|\s+-\s+|,\s+(?=(?:and )?(?:never|not|no)\b)|\s+and\s+(?=never\b)|,\s+(?=only (?:after|with|when|if)\b)|,\s+(?:(?:just|so|then|instead|please|and)\s+)?(?=\p{L}+\s)|\s+and\s+(?=(?:just\s+)?(?:ask|tell|dm|message|let|ping|alert|notify|inform)\b))/giu;
const TELLING =
  /^(?:just |please )?(?:ask|tell|dm|message|let|ping|alert|notify|inform|report|put (?:the |a )?label|label|say|mention)\b/i;

/** A sentence may hold a duty and its limit: "post it in #a, but never in #b". Each part is read on its own. */
export function splitParts(sentence: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const joint of sentence.matchAll(JOINTS)) {
    const rest = sentence.slice(joint.index + joint[0].length);
    const before = sentence.slice(start, joint.index);
    const isSure = STRONG.test(joint[0]) || /^(?:and )?(?:never|not|no|only (?:after|with|when|if))\b/i.test(rest);
    const isSplit = isSure ? isLimit(rest) || isLimit(before) : isLimit(before) && !isLimit(rest) && goesOn(rest, joint[0]);
    if (!isSplit) continue;
    parts.push(before);
    start = joint.index + joint[0].length;
  }
  parts.push(sentence.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** What is to be done instead; "don't create, send or change" forbids all three. */
function goesOn(rest: string, joint: string): boolean {
  const plain = rest.replace(/^(?:after|from|on)\s+(?:the\s+)?\p{L}+(?:\s+(?:one|time|reminder|that))?,?\s+/iu, '');
  return TELLING.test(plain) || (/\b(?:just|so|then|instead)\b/i.test(joint) && startsDuty(plain));
}
