/** How a sentence limits what is done. */
const PROHIBITION =
  /^(?:(?:and|but|also|please|absolutely|strictly|also),?\s+)*(?:no|never|nothing|not|nobody|don't|do not|without)\b|\b(?:never|do not|don't|dont|does not|doesn't|must not|mustn't|may not|shall not|should not|shouldn't|cannot|can't|not allowed|not permitted|is forbidden|are forbidden|off limits|hands off|keep (?:out|away|off)|stay (?:out|away)|stays? out|will not get (?:it|access)|need not|not (?:your|yours|its) (?:business|job|task)?|not yours|aren't yours|isn't yours|aren't your|isn't your|no exceptions|leaves? (?:it|them|that|those|these|the rest|everything else)(?:\s*(?:[.,;:!)]|$)|\s+(?:alone|to)\b)|leave alone|to be left alone|left alone|are left to|is left to|not with you|no access)\b|\b(?:nothing|nobody|no one|none|no (?:\p{L}+ ){1,3}(?:is|are|leaves?|goes?|gets?|may|without))\b/iu;
const APPROVAL =
  /\b(?:without|before|until|till|unless|only (?:after|when|if|with|once)|after|once)\b[^.]*\b(?:ask\w*|approv\w+|ok(?:ay)?(?:s|ed)?|go[- ]ahead|permission|consent|said (?:go|yes|ok)|says (?:go|yes|ok)|sign(?:s|ed)? off|confirm\w*|agree\w*|looked|looking|looks|seen|sees|see (?:it|them)|check(?:s|ed)?|read it|written "?ok|given (?:her|his|their|a|the))\b|\b(?:ask|check with|clear (?:it )?with|run (?:it|them) (?:by|past)|show (?:it|them|me|her|him)|consult)\b[^.]*\b(?:first|before\w*|beforehand)\b|\b(?:has|have|needs?|must|wants?|want|would like|'d like)\b[^.]{0,30}\b(?:to )?(?:ok|okay|approve|confirm|sign off|sign (?:it|them) off|see (?:it|them|each|every|the)|be asked|look at (?:it|them))\b|\b(?:needs?|requires?|require)\b[^.]{0,40}\b(?:approval|ok|okay|go-ahead|sign-off|signature|consent|permission)\b|\b(?:approves?|okays?|signs? off(?: on)?) (?:it|them|each|every|all|the|any|those|everything|anything)\b|\bask (?:me|him|her|us|them|[\p{L}]+)\b[^.]{0,12}$|\b(?:subject to|with) (?:the )?(?:prior )?(?:written )?(?:approval|consent|permission) of\b|\bis asked (?:first|before)/iu;
const ONLY_THERE = /\b(?:only|exclusively|nowhere (?:else|but)|to nobody else|to no one else|nobody else|no one else)\b/i;
const AT_MOST =
  /\b(?:at most|no more tha?en?|not more tha?en?|not (?:\p{L}+ ){0,3}more tha?en?|maximum(?: of)?|max\.?|a limit of|only once|once at most|never twice|not twice)\b/iu;
/** A person of the firm keeps it to themselves. */
const THEMSELVES =
  /\b(?:I|we|I'll|we'll|he|she|[\p{L}]+)\b[^.;]{0,60}\b(?:myself|ourselves|himself|herself|themselves)\b|\b(?:nobody|no one) else (?:does|may|can|is)\b|\b(?:is|are|remains?|stays?) (?:\p{Lu}\p{L}+'s|my|our) (?:job|task|business|work)\b|\b(?:others|other people|someone else|somebody else) (?:do|does|take|takes|handle|handles)\b|\bstays? with \p{Lu}/u;
/** Under which circumstances it holds: what a rule over parameters cannot see, unless it is an amount, a channel or an address. */
const CIRCUMSTANCE =
  /\b(?:if|when|whenever|unless|until|marked|flagged|tagged|older than|younger|longer than|twice|second time|again|per (?:day|customer|client|week|invoice|person|month|run)|who (?:have|has|had|are|is|asked|write|wrote)|whose|that (?:have|has|are|were|is)|which (?:have|has|are)|more than (?:once|one|two|three|\d+)|at most|between|during|at night|on (?:sundays?|saturdays?|weekends?|holidays?|mondays?|fridays?)|before \d|after \d|by name|about|same|exactly|differs?|match(?:es)?|other than|except|without|in the meantime|under \d+|below \d+|over \d+|above \d+|already|for (?:a|any|those|the|customers|clients) [^.]*\b(?:older|younger|with|who|that)\b)\b/i;

/** True when a sentence forbids something or asks for a person's yes; such a sentence never becomes a duty. */
export function isLimit(text: string): boolean {
  const plain = withoutQuotes(text);
  return isProhibition(plain) || APPROVAL.test(plain) || isOnlyThere(plain) || isConfined(plain);
}

/** True when a person's yes is wanted for something that is to be done, as opposed to an outright prohibition. */
export function isApproval(text: string): boolean {
  return APPROVAL.test(withoutQuotes(text)) && !PROHIBITION.test(withoutQuotes(text));
}

export function wantsApproval(text: string): boolean {
  return APPROVAL.test(withoutQuotes(text));
}

export function isProhibition(text: string): boolean {
  const plain = withoutQuotes(text);
  // "Don't hesitate", "not only", "questions nobody answered", "who has not replied": no prohibition.
  const rest = plain
    .replace(/\b(?:don't|do not) (?:hesitate|worry|forget|miss|be shy)\b/gi, ' ')
    .replace(/\bnot (?:only|just|yet|least)\b/gi, ' ')
    .replace(
      /\b(?:who|that|which|whoever|whatever|questions?|messages?|mails?|e-?mails?|threads?|people|those|requests?|invoices?|everyone|everybody|anyone|anybody|leads?|reports?|bills?|customers?|clients?|pull requests?|issues?|tickets?)\s+(?:(?:who|that|which)\s+)?(?:nobody|no one|has not|have not|hasn't|haven't|did not|didn't|does not|doesn't|do not|don't|is not|are not|isn't|aren't|were not|was not|cannot|can't|with no|without|still has not|still have not|still hasn't|still haven't)\b/gi,
      ' ',
    )
    .replace(
      /\b(?:if|when|in case|should) [^,.;]{0,40}?\b(?:not|no|nothing|nobody|cannot|can't|isn't|aren't|doesn't|don't|hasn't|haven't|didn't|none|never)\b/gi,
      ' ',
    )
    .replace(/\bunless\b[^,.;]*/gi, ' ')
    .replace(/\b(?:why|whether|what|where|which|how)\b[^,.;]{0,30}\b(?:not|nobody|cannot|can't|isn't|doesn't)\b/gi, ' ')
    .replace(
      /\bno later than\b|\bno matter\b|\bnot started\b|\bno problem\b|\bif not\b|\bor not\b|\bcan't wait\b|\bwithout (?:delay|an? [\p{L}-]+|a reply|an answer|any [\p{L}-]+|reply|answer|attachment)\b/giu,
      ' ',
    );
  return PROHIBITION.test(rest.trim());
}

export function isCircumstance(text: string): boolean {
  return CIRCUMSTANCE.test(withoutQuotes(text));
}

export function isKeptByPeople(text: string): boolean {
  return THEMSELVES.test(withoutQuotes(text));
}

export function isOnlyThere(text: string): boolean {
  return (
    ONLY_THERE.test(text) &&
    /\b(?:post|write|publish)\w*\b/i.test(text) &&
    /\b(?:only|exclusively|nowhere (?:else|but))\b[^.]{0,20}\b(?:in|to|into)\s+#/i.test(text)
  );
}

/** "Mails may only go to …", "at most three reminders a customer". */
function isConfined(text: string): boolean {
  return (
    (AT_MOST.test(text) &&
      !/\b(?:read|post|summar\w+|list|look|check|collect|send|write|DM|email|remind|chase)\b[^.]*\b(?:lines?|sentences?|words|items|points|bullets?)\b/i.test(
        text,
      ) &&
      /^\W*(?:and\s+|but\s+)?(?:at most|no more|not more|max|never more|only once|one \p{L}+ (?:per|a))/iu.test(text)) ||
    (/\b(?:may|can|must|should|shall|do|does|ever|is|are|goes?|go)\s+(?:only\s+|ever\s+)?(?:only|go only|ever|be sent only|exclusively)\b[^.]{0,40}\b(?:to|gets?|at|within)\b/i.test(
      text,
    ) &&
      ONLY_THERE.test(text)) ||
    /\bto (?:nobody|no one) else\b|\bonly ever\b/i.test(text)
  );
}

function withoutQuotes(text: string): string {
  return text.replace(/"[^"]*"/g, ' ');
}
