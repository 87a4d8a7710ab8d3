import { readDoings } from '../match/doings.ts';

/** A sentence taken apart: the condition under which it holds, and what is to be done, clause by clause. */
export interface Clauses {
  condition?: string;
  clauses: string[];
}

const CONDITION =
  /^(?:(?:and|but|also)\s+|[^,:"]{3,32},\s+(?=(?:if|when|whenever|as soon as)\b))?((?:when(?:ever)?|if|as soon as|each time|every time|once|(?:some(?:one|body)|any(?:one|body)|a new (?:member|person|colleague|user)|new (?:members|people))\s)[^,:]*(?:"[^"]*"[^,:]*)?)[,:]\s+(.+)$/is;
const VERBS =
  'read|go|look|check|watch|follow|scan|collect|gather|compile|write|post|publish|share|send|put|drop|announce|react|mark|tick|ask|remind|nag|chase|nudge|ping|prod|dm|message|tell|alert|warn|notify|name|answer|reply|respond|welcome|greet|give|list|find|summari[sz]e|keep|take|pick|pull|email|e-mail|mail|create|label|book|draft|print|call|phone|clean|water|update|enter|record';
const STARTERS = `(?:please |also |then |afterwards,? |finally,? |later )*`;
const VERB_START = new RegExp(`^${STARTERS}(?:${VERBS})\\b`, 'i');
const LET_PERSON = /^(?:have|let|get)\s+\p{Lu}/u;
const HAS_VERB = new RegExp(`\\b(?:${VERBS})\\b`, 'i');
const VERB_AND_OBJECT =
  /^(?:please |also |then )*(?!(?:the|a|an|our|my|your|their|his|her|its|all|every|each|any|some|no|in|on|of|to|for|from|with|by|at|who|what|which|whoever|whatever|that|where|when|how|why|if|not|only|just|more|most|one|two|three|after|before|until|as|about|per|via|within|without|during|than|like|over|under|between|since|while|including|unless|except|is|are|was|were|be|has|have|had|will|can|may|should|must|do|does|did|it|he|she|they|we|you|i|that's|both|either|neither)\b)\p{Ll}+\s+(?:up\s+|out\s+|down\s+)?(?:the|a|an|our|my|your|their|all|every|each|any|some|them|it|those|these)\b/u;
/** "collect the answers and post them in #x" is one duty: the second half says where the first half goes. */
export const PRONOUN_OBJECT =
  /^(?:please |also |then |afterwards,? )*(?:post|publish|share|send|put|deliver|drop|dm|message)(?:s|es)?\s+(?:it|them|this|that|these|those|the result)\s+(?:in|to|into|on|as|by|at|every)\b/i;
const JOINTS =
  /(?:,?\s+so\s+(?=please|you|just|\p{Ll}+\s+(?:the|a|an|my|our))|\s*[;—]\s*|,?\s+(?:and\s+)?then\s+|,\s+(?:and|but|or)\s+|\s+(?:and|but)\s+|,\s+|:\s+)/giu;

/** "A mail comes in -> reply", "alarm in #a? message Bo", "Questions in #a: answer them". */
const ARROW = /^(.{4,140}?)\s*(?:->|→|=>)\s*(.+)$/s;
const CASE = /^([^?]{4,70})\?\s+(\S.+)$/s;
const ABOUT =
  /^((?:(?:all|new|incoming|any|every|each|other)\s+)*(?:questions?|e-?mails?|mails?|messages?|requests?|complaints?|customers?|clients?|suppliers?|enquir(?:y|ies)|inquir(?:y|ies)|orders?|reports?|bills?|applications?|leads?|bugs?|tickets?)\b[^:"]{3,90}):\s+(\S.+)$/is;
const TRAILING =
  /^(.{8,}?[^,]),?\s+((?:whenever|when|as soon as|each time|every time)\s+(?!you\b|done\b|it(?:'s| is) (?:done|ready)\b|they\b|it\b|finished\b|possible\b|needed\b|necessary\b|everyone\b|everybody\b)[^,]{6,160}?)([.!]?)$/is;

function arrow(sentence: string): RegExpExecArray | undefined {
  const match = ARROW.exec(sentence);
  return match && !/[,:]/.test(match[1]!) && !startsDuty(match[1]!) ? match : undefined;
}

/** "Alert #a when a payment fails" is "when a payment fails, alert #a". */
function trailing(sentence: string): string[] | undefined {
  const match = TRAILING.exec(sentence);
  if (!match || !startsDuty(match[1]!) || /"/.test(match[1]!.slice(-30))) return undefined;
  return [sentence, match[2]!, match[1]!];
}

/** Splits at "and", "then", commas, where what follows begins like a duty of its own. */
export function splitClauses(sentence: string): Clauses {
  const found = CONDITION.exec(sentence) ?? arrow(sentence) ?? CASE.exec(sentence) ?? ABOUT.exec(sentence) ?? trailing(sentence);
  const body = found ? found[2]! : sentence;
  const clauses: string[] = [];
  let start = 0;
  for (const joint of body.matchAll(JOINTS)) {
    const next = body.slice(joint.index + joint[0].length);
    if (!startsDuty(next) || PRONOUN_OBJECT.test(next) || isInQuotes(body, joint.index)) continue;
    clauses.push(body.slice(start, joint.index).trim());
    start = joint.index + joint[0].length;
  }
  clauses.push(body.slice(start).trim());
  return {
    ...(found && { condition: found[1]!.trim() }),
    clauses: joinTimePhrase(
      clauses.filter((clause) => clause !== ''),
      body,
    ),
  };
}

/** "Every Monday at 9, read ..." is one clause: its first piece orders nothing. */
function joinTimePhrase(clauses: string[], body: string): string[] {
  const [first, second, ...rest] = clauses;
  if (first === undefined || second === undefined || HAS_VERB.test(first) || startsDuty(first)) return clauses;
  const end = body.indexOf(second) + second.length;
  return [body.slice(0, end), ...rest];
}

/** "folding napkins", "clearing snow": duties of a list. */
const GERUND =
  /^(?:also |and |please )*(?!(?:including|starting|regarding|concerning|depending|during|according|being|having|pending|outstanding|missing|incoming|remaining|following|existing|upcoming|ongoing|everything|anything|something|nothing|morning|evening|meeting|booking|billing|accounting|training|building|king|thing|spring|string)\b)\p{Ll}{3,}ing\s+\p{Ll}{2,}/u;

function startsWithVerb(text: string): boolean {
  const lead =
    /^(?:you'll |you will |you should |you then |you also |you |please |also |then |just |so |afterwards,? |finally,? |later )*/i.exec(
      text,
    )?.[0] ?? '';
  const [first] = readDoings(text.slice(lead.length, lead.length + 80));
  return first !== undefined && !first.isPassive && first.start === 0;
}

/** True when a text begins as an order: a known verb, or a word followed by its object. */
export function startsDuty(text: string): boolean {
  return (
    VERB_START.test(text) || LET_PERSON.test(text) || VERB_AND_OBJECT.test(text) || GERUND.test(text) || startsWithVerb(text)
  );
}

function isInQuotes(text: string, index: number): boolean {
  return (text.slice(0, index).split('"').length - 1) % 2 === 1;
}
