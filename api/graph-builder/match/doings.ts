import type { Action, Thing } from './lexicon/meaning.ts';
import { markTokens, tokenise, type Mark, type Token } from './lexicon/marks.ts';

/** A thing that a verb speaks of, and the preposition before it: "an email *about* the invoice". */
export interface ObjectSaid {
  things: Thing[];
  /** Absent: the verb's direct object. */
  preposition?: string;
  text: string;
}

/** A verb of a clause with what it speaks of. */
export interface DoingSaid {
  /** The verb as it stands in the lexicon: `look up`. */
  verb: string;
  actions: Action[];
  objects: ObjectSaid[];
  /** From the verb (or, in the passive, its subject) to the next verb. */
  text: string;
  start: number;
  /** What stands behind the verb. */
  after: string;
  /** The whole clause is in the passive: "invoices are sent". */
  isPassive: boolean;
  /** It tells more about the verb before: "an email reminding them". */
  isDescribing: boolean;
}

const NOUN_BEFORE =
  /^(?:the|a|an|this|that|these|those|our|my|your|their|his|her|its|each|every|any|all|some|no|new|first|second|third|last|next|final|short|one|two|three|four|five|six|ten|of|for|in|by|per|on|with|from|about|via|without|over|under|incoming|open|unpaid|overdue|quick|friendly|polite|brief|daily|weekly|monthly|signed|direct|private|same|weekly|single|more|most|other|another|such|both|gentle|whose|which|what|past|due|late|customer|client|supplier|sales|short|little|proper|written|personal|internal|outgoing|shared|outstanding|free|good|great|big|important|urgent|recent|old|latest|support|billing|slack|welcome|thank-you|follow-up|at|as|into|through|after|before|during|[\p{L}]+'s|[\p{L}]+s')$/u;
const VERB_BEFORE =
  /^(?:to|and|or|then|please|also|always|just|you|you'll|you'd|we'll|will|should|must|can|could|may|shall|would|might|not|never|don't|but|kindly|afterwards|finally|simply|either|,|;|:|\(|—|–|first|have|let|help|there|needs|still|immediately|automatically|quickly|directly|promptly|instead|ideally|basically|later|now|so|be|twice|once|privately|daily|weekly|monthly|hourly|quarterly|time|am|pm|noon|midday|midnight|o'clock|utc|gmt|cet|cest|est|edt|pst|pdt|bst|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?|mornings?|afternoons?|evenings?|nights?|days?|minutes?|weeks?|months?|quarters?|years?|hours?|\d[\d:.]*(?:am|pm|h|st|nd|rd|th)?|january|february|march|april|june|july|august|september|october|november|december|slack|occasionally|regularly|gently|politely)$/u;
const AFTER_VERB =
  /^(?:the|a|an|this|that|these|those|our|my|your|their|his|her|its|each|every|any|all|some|no|it|them|him|me|us|what|who|whoever|how|which|where|whether|in|to|into|on|from|with|about|everything|everyone|anyone|anything|something|new|one|two|three|back|up|out|through|at|by|for|it's|him|nothing|both|incoming|when|if|people|customers|clients|[#@].*|".*|\S+@.*|quickbooks|gmail|slack|stripe|github|there|over|as|of|open|unpaid|overdue|late|a\p{L}*|those|only|new|last|next|monthly|weekly|daily|any)$/iu;
/** Before a verb these are its subject: "what applicants write", "whoever mails us". */
const SUBJECT =
  /^(?:I|i|he|she|they|we|it|who|whoever|that|which|what|people|somebody|someone|anyone|anybody|everyone|everybody|nobody|(?:customer|client|supplier|vendor|donor|tenant|guest|applicant|member|colleague|visitor|student|parent|user|lead|candidate|buyer|employee|patient|volunteer|engineer|developer|manager)s)$/;
/** After a word that may be either, these make it a noun: "reports are", "the list of". */
const NOUN_FOLLOWED =
  /^(?:is|are|was|were|be|of|and|or|gets?|should|must|needs?|will|has|have|had|goes|go|comes?|arrives?|can|may|than|vs|below|above)$/;
const BE = /^(?:is|are|be|been|being|was|were|get|gets|got|getting)$/;
const ADVERB = /^(?:\p{L}+ly|also|then|always|never|not|first|just|still|only|all|both|each|immediately|now|to|be|been|back)$/u;
const PREPOSITIONS =
  /^(?:in|on|at|to|into|from|of|for|about|with|without|by|via|over|regarding|concerning|through|under|around|against|per|across|as|after|before|until|within|whose|that|which|who|where|unless|except|like|than|saying|asking|mentioning|including|containing|listing|named|called|because|so|since|when|if|while|once)$/;

/** What a clause asks for, verb by verb. Words that may be verb or noun are told apart by their neighbours. */
export function readDoings(clause: string): DoingSaid[] {
  const tokens = tokenise(clause);
  const marks = markTokens(tokens);
  const verbs = marks.filter((mark) => mark.verb && isVerb(mark, tokens, marks));
  return verbs.map((mark, at) => {
    const isPassive = mark.verb!.form === 'past';
    const previousEnd = at === 0 ? 0 : verbs[at - 1]!.to;
    const end = verbs[at + 1]?.from ?? tokens.length;
    const from = isPassive ? previousEnd : mark.to;
    const objects = isPassive
      ? [...objectsIn(tokens, marks, from, mark.from, true), ...objectsIn(tokens, marks, mark.to, end, false)]
      : objectsIn(tokens, marks, mark.to, end, false);
    // "create or send invoices": both verbs have the same object.
    const next = verbs[at + 1];
    const isShared =
      !isPassive &&
      objects.length === 0 &&
      next !== undefined &&
      next.from - mark.to <= 2 &&
      /^(?:and|or|,)$/.test(tokens[mark.to]?.lower ?? '');
    if (isShared) objects.push(...objectsIn(tokens, marks, next.to, verbs[at + 2]?.from ?? tokens.length, false));
    const start = at === 0 ? 0 : tokens[isPassive ? Math.min(from, mark.from) : mark.from]!.start;
    return {
      verb: mark.verb!.base,
      actions: mark.verb!.actions,
      objects,
      text: clause.slice(start, tokens[end - 1]!.end),
      start: tokens[mark.from]!.start,
      after: clause.slice(tokens[mark.to - 1]!.end, tokens[end - 1]!.end).trim(),
      isPassive,
      isDescribing: at > 0 && mark.verb!.form === 'ing' && !/^(?:and|or|,|;|by|then)$/.test(tokens[mark.from - 1]?.lower ?? ''),
    };
  });
}

function isVerb(mark: Mark, tokens: Token[], marks: Mark[]): boolean {
  const { form, base } = mark.verb!;
  const before = tokens[mark.from - 1]?.lower;
  const after = tokens[mark.to]?.lower;
  if (form === 'past') return isPassiveAt(mark, tokens);
  if (
    before !== undefined &&
    ((BE.test(before) && form === 'base') ||
      (SUBJECT.test(before) && !/^(?:want|need|like)$/.test(base) && !(before === 'it' && form === 's')))
  )
    return false;
  if (before === undefined && after === undefined) return form === 'base';
  if (!mark.noun && !isNounLike(base)) {
    if (form === 's') return before === undefined || !NOUN_BEFORE.test(before);
    return (
      before === undefined ||
      !/^(?:the|a|an|our|my|your|their|his|her|its|of|no|[\p{L}]+'s)$/u.test(before) ||
      // "look into" is a verb wherever it stands; "a reply to" is none.
      (mark.to - mark.from > 1 && !isNounLike(base.split(' ')[0]!))
    );
  }
  if (before !== undefined && NOUN_BEFORE.test(before) && !/^(?:in|on|at|by|after|before|for|without)$/.test(before))
    return false;
  if (before !== undefined && /^(?:in|on|at|by|after|before|for|without|from|of)$/.test(before)) return form === 'ing';
  const isFollowed =
    after !== undefined &&
    (AFTER_VERB.test(after) ||
      /^\p{Lu}/u.test(tokens[mark.to]!.text) ||
      marks.some(({ from, noun }) => from === mark.to && noun !== undefined));
  if (before === undefined || VERB_BEFORE.test(before)) {
    if (form === 's')
      return (
        (isFollowed ||
          (before === 'and' && !mark.noun) ||
          (before === 'and' &&
            after !== undefined &&
            !NOUN_FOLLOWED.test(after) &&
            !/^[,.;:]/.test(after) &&
            tokens.slice(0, mark.from).some(({ lower }) => /^(?:helper|assistant|it|employee|who|bot|he|she)$/.test(lower)))) &&
        !/^(?:in|to|into|on|from|with|for|at|by|of|over|as|about)$/.test(after ?? '')
      );
    const isJoint = before !== undefined && /^(?:and|or|,|but|\(|:|—|–|first|have)$/.test(before);
    if (after === undefined || /^[,;:()]$/.test(after)) return !isJoint;
    return !NOUN_FOLLOWED.test(after) && (!isJoint || !mark.noun || isFollowed || !/^(?:,|and|or)$/.test(after));
  }
  return (
    isFollowed &&
    (mark.noun === undefined || /^(?:the|a|an|it|them|me|us|him|her|our|my|your|their|each|every)$/.test(after ?? '')) &&
    !/(?:ed|s)$/.test(before)
  );
}

/** Words that are nouns besides, without being things of the lexicon. */
function isNounLike(base: string): boolean {
  return /^(?:report|list|check|watch|track|count|total|name|text|share|put|drop|flag|page|nudge|press|record|book|register|log|file|tag|label|mark|draft|plan|block|fix|move|edit|change|shift|pay|wire|credit|return|cover|follow|match|mind|need|want|like|hand|shoot|welcome|poll|survey|prompt|chase|press|close|cancel|star|triage|comment|process|handle|do|make|input|key|type|start|save|build|cut|charge|bill|invoice|open|issue|post|message|mail|email|e-mail|brief|alert|update|answer|reply|search|review|scan|highlight|surface|pick up|present|transfer|show|route|audit|tally|quiz|release|ask|request|leave|clear|propose|hold|run|host|set up|call|ring|ping|notice|slack)$/.test(
    base,
  );
}

function isPassiveAt(mark: Mark, tokens: Token[]): boolean {
  let at = mark.from - 1;
  while (at >= 0 && ADVERB.test(tokens[at]!.lower) && mark.from - at < 4) at -= 1;
  const before = tokens[at]?.lower ?? '';
  if (BE.test(before)) return true;
  // "have the list sent", "I want it posted": up to five words between.
  const verb = tokens.slice(Math.max(0, mark.from - 7), mark.from).map(({ lower }) => lower);
  return verb.some((word) => /^(?:have|has|get|want|wants|need|needs)$/.test(word)) && !/^(?:have|has|had)$/.test(before);
}

function objectsIn(tokens: Token[], marks: Mark[], from: number, to: number, isSubject: boolean): ObjectSaid[] {
  const objects: ObjectSaid[] = [];
  let preposition: string | undefined;
  for (let at = from; at < to; at += 1) {
    const { lower } = tokens[at]!;
    if (PREPOSITIONS.test(lower)) preposition = lower;
    const mark = marks.find((one) => one.from === at && one.noun);
    if (!mark) continue;
    const text = tokens
      .slice(mark.from, mark.to)
      .map((token) => token.text)
      .join(' ');
    objects.push({
      things: mark.noun!,
      ...(preposition !== undefined && !(isSubject && preposition === undefined) && { preposition }),
      text,
    });
    at = mark.to - 1;
  }
  return objects;
}
