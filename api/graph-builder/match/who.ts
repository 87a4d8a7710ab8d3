import { markTokens, tokenise } from './lexicon/marks.ts';

const CONNECTOR =
  /^(?:and|but|then|so|also|because|since|as|while|though|although|please note:?|note:?|remember:?|fyi:?|oh,?|well,?|honestly,?|basically,?|right now,?|currently,?|today,?|usually,?|normally,?|meanwhile,?|of course,?|in (?:fact|general|the meantime),?|at the moment,?|to be (?:fair|honest),?)\s+/i;
const EMPLOYEE =
  /^(?:you|you'll|you'd|your|the (?:assistant|employee|bot|role|job|position|successful candidate|new hire|ideal candidate|right person|helper|agent)|this (?:role|job|person|position)|(?:our|an|the) (?:ai|new) (?:assistant|employee|colleague|helper|hire)|someone who|somebody who|a person who)\b/i;
/** "I want you to …", "we need someone who …", "I'd like a message": the wish of whoever hires. */
const WISH =
  /^(?:I|we)\s*(?:'d|'re|'m|would|really|also|just|only|simply|would also|still|do|always|basically|mainly)?\s*(?:also |just |really |basically |mainly )?(?:want|need|wish|expect|like|love|looking for|after|hiring|ask|count on|rely on|prefer|appreciate|hope)\b/i;
const HUMAN_LEAD =
  /^(?:(?:I|he|she|they|we|nobody|no one|others?|other people|someone else|somebody else|everybody else|everyone else|people|most people)\b|(?!\p{L}+ing\b|(?:Each|Every|All|Any|Please|When|If|On|At|In|For|From|After|Before|Once|Then|Also|The|A|An|Our|My|Your|New|Open|Invoices?|Bills?|Payments?|Mails?|E-?mails?|Messages?|Reminders?|Questions?|Answers?|Replies|Slack|Gmail|QuickBooks|Stripe|GitHub|Anything|Everything|Nothing|It|This|That|These|Those|Mondays?|Tuesdays?|Wednesdays?|Thursdays?|Fridays?|Saturdays?|Sundays?)\b)\p{Lu}\p{Ll}+(?:\s+(?:and|&|or)\s+\p{Lu}\p{Ll}+|\s+\p{Lu}\p{Ll}+|\s+(?:from|in|of)\s+\p{Ll}+)?(?:,[^,]{2,30},)?\s+(?:'?(?:will|ll|would|has|is|does|can|always|already|usually|also|still|then|only|just|handles?|himself|herself)\s+)*)/u;
const HUMAN_ROLE =
  /^(?:the|our|my|a|an|their|each|some|one of (?:our|the)|most)\s+(?:\p{Ll}[\p{L}-]*\s+){0,2}?(?:bank|treasurer|accountants?|bookkeepers?|customers?|clients?|suppliers?|vendors?|team|manager|boss|owner|director|partners?|tenants?|guests?|colleagues?|people|staff|kitchen|office manager|lawyers?|engineers?|developers?|chef|secretary|wife|husband|brother|sister|son|daughter|founder|ceo|cfo|members?|donors?|students?|parents?|patients?|visitors?|assistant before you|predecessor|warehouse|drivers?|crew|couriers?|sales (?:team|people|rep)|reps?|chair|auditors?|tax advis[eo]r|landlord|contractors?|freelancers?|teachers?|coach(?:es)?|volunteers?|foreman|foremen|technicians?|fitters?|users?|leads?|employees?|workers?|admins?|desk|department|board|committee|company|firm|system|shop|website|form|software|app|webshop|provider|platform|machine|fixers?|agency)\b/iu;
const DOES =
  /^(?:\s*[(,][^),]{0,40}[),])?\s*(?:(?:'ll|'d|'s|will|would|already|always|usually|often|sometimes|never|also|still|then|only|just|both|all|themselves|himself|herself|myself|who|that|which|of ours|here|can|could|may|might|has to|have to|does|do|did|has|have|had|is|are|was|were|likes? to|prefers? to|tends? to|keeps?|gets? to|wants? to)\s+)*/i;

/**
 * Whether a clause tells what somebody else does ("Katrin enters them", "our bank mails us", "I will ring them"), so that it
 * is no duty of the employee. Wishes ("I want you to…") and the passive are duties.
 */
export function isSomebodyElses(clause: string): boolean {
  const plain = leadOf(clause);
  if (EMPLOYEE.test(plain) || WISH.test(plain)) return false;
  const lead = /^(?:I|we)\b/i.exec(plain)?.[0] ?? HUMAN_ROLE.exec(plain)?.[0] ?? HUMAN_LEAD.exec(plain)?.[0];
  if (lead === undefined || isOrder(plain)) return false;
  const rest = plain.slice(lead.length);
  if (/^\s*(?:should|must|need|needs|has to be|have to be|is to be|are to be|gets?|receives?|ought)\b/i.test(rest))
    return /^\s*(?:must|should|needs? to)\b/i.test(rest) && !/\b(?:get|receive|be)\b/i.test(rest.slice(0, 25));
  if (/^(?:I|we|he|she|they|nobody|no one|others?)\b/i.test(lead)) return true;
  if (/\s(?:will|ll|would|has|does|can|handles?|himself|herself)\s+$/i.test(lead)) return true;
  const skipped = DOES.exec(rest)?.[0] ?? '';
  const tokens = tokenise(rest.slice(skipped.length));
  const [first] = markTokens(tokens);
  if (skipped.trim() !== '' && !/^[(,]/.test(skipped.trim())) return true;
  if (first?.from === 0 && first.verb)
    return (
      first.verb.form !== 'base' ||
      /^(?:people|customers|clients|tenants|guests|suppliers|members|others|donors|users|students|parents|visitors)$/i.test(
        lead.trim().split(' ').at(-1) ?? '',
      )
    );
  return (
    /^\s*\p{Ll}+(?:s|ed)\b(?!\s*(?:of|for|in|and)\b)/u.test(rest) &&
    !/^\s*(?:is|as|was|has|digests?|lists?|questions?|messages?|invoices?|bills?|emails?|mails?|answers?)\b/i.test(rest)
  );
}

/** "Find all open invoices": a capital letter at the start is not yet a name. */
function isOrder(plain: string): boolean {
  const [mark] = markTokens(tokenise(plain.slice(0, 80)));
  return (
    mark?.from === 0 &&
    mark.verb?.form === 'base' &&
    !/^\p{Lu}\p{L}*\s+(?:will|has|does|is|can|himself|herself|always|already)\b/u.test(plain)
  );
}

/** Without what stands before the subject: "and", "During the week,", "(except on Mondays)". */
function leadOf(clause: string): string {
  let plain = clause.trim();
  for (let turn = 0; turn < 4; turn += 1) {
    const next = plain
      .replace(CONNECTOR, '')
      .replace(/^(?:during|on|in|at|for|after|before|until|every|each|from|within|by|as of|over)\s[^,]{2,40},\s+/i, '')
      .replace(/^(?:on\s+)?\p{Lu}\p{Ll}+days?(?:\s+at\s+[\d:.apm ]+)?,?\s+(?=(?:I|we|he|she|they|you)\b)/u, '');
    if (next === plain) break;
    plain = next;
  }
  return plain;
}
