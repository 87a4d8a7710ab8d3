import type { Catalogue } from '../../../contracts/capability.ts';
import { findSchedule } from './schedule.ts';
import { sourceOf } from './source.ts';

/** Something that happens at a provider, as the text says it. */
export interface EventFound {
  source: string;
  about: string;
}

export interface EventSurroundings {
  catalogue: Catalogue;
  /** The sentence before, in the same paragraph or list: what "one" and "it" of a condition stand for. */
  previous: string | undefined;
  /** Address or place where mail comes in, as the paragraph named it last. */
  mailbox: string | undefined;
}

/** "when someone", "as soon as a", "each time": what opens a condition. */
const LEAD =
  /^(?:and\s+|but\s+)?(?:when(?:ever)?|if|as soon as|each time|every time|once|the moment|after|should|on receipt of|upon)\s+/i;
const NO_EVENT =
  /^(?:you(?:'ve|'re| have| are| start| finish| see| notice| find| need| do| can| have)?\b(?! (?:get|receive))|done\b|finished\b|ready\b|in doubt|unsure|not sure|unclear|needed|necessary|possible|asked|available|relevant|applicable|required|it (?:is|does|has|was|cannot|can't|isn't|doesn't)\b|that is\b|so\b|not\b|nothing|nobody|no one|there (?:is|are)\b|both\b|the (?:amount|total|list|digest|summary|answer|question|result|price|sum|balance|invoice (?:is|cannot|can't|has|was|isn't|does)|matter|case|number|order is|customer (?:is|has|isn't|does)|client (?:is|has|isn't)|kitchen|office)\b|they (?:have|are|do|don't|haven't|aren't|were)|he |she |we (?:are|have|do)|I'm\b|I am\b|all\b|two\b|more than\b|several\b|something (?:is|looks|seems)\b|anything (?:is|looks|seems)\b|in the meantime)/i;
/** Told by the manager in person: a direct command. */
const COMMAND =
  /^(?:I|we)\s+(?:ask|tell|say|write|message|send you|give you|mention|request|text|ping|want|need|dm|type|call|let you know)\b|^(?:someone|somebody|anyone|a colleague|people)\s+(?:asks?|tells?|messages?|dms?|pings?|mentions?)\s+you\b/i;
const HAPPENS =
  /\b(?:arrives?|comes? in|came in|comes? through|comes? up|lands?|drops? in|asks?|asking|posts?|posted|writes?|sends?|sent|mails?|e-?mails?|joins?|introduc\w+|replies|reply|answers?|responds?|reports?|come to|comes to|arrive|arrives|introduce|mail|write|ask|post|send|report|opens?|opened|pays?|paid|books?|booked|creates?|created|adds?|added|signs? up|signed up|signs?|signed|fills? in|fills? out|submits?|submitted|cancels?|cancell?ed|reacts?|wants? to know|wonders?|enquires?|inquires?|complains?|requests?|requested|receives?|received|gets?|got|enters?|entered|records?|recorded|issued|fails?|failed|merged?|merges|closed|closes|requested|moved|reschedules?|rescheduled|declines?|declined|accepted|accepts|mentions?|tags?|shares?|uploads?|raises?|raised|needs?|calls? for|looks? for|leaves?|thanks?|starts?|shows? up|appears?|made|makes?|is (?:marked|overdue|due|late|new|urgent|unsure|lost|not sure)|isn't sure|does not know|doesn't know|becomes?|goes? (?:overdue|past)|has (?:been|come|not)|bounces?|expires?|happens?|reaches?|registers?|registered|is down|breaks?|goes? down|crashes?|orders?|ordered|places?|refunds?|disputes?|disputed|flags?)\b/i;
const ONE =
  /^(?:one|it|that|this|they|any|a new one|such (?:a|an)|either|another|these|something)\b[^,]{0,20}\b(?:comes?|arrives?|happens?|lands?|appears?|shows?|is|are|gets?|do|does)\b/i;
const IMPLIED = [
  /\b((?:the |all |our |every |any |each |new )?[\p{L}-]+(?: [\p{L}-]+){0,3} (?:that|which) (?:\p{L}+ ){0,2}?(?:come|comes|arrive|arrives|land|lands|get|gets|are sent|is sent|are posted|is posted|reach|reaches|people (?:ask|post|send)|customers (?:ask|send|write))\b[^.;]{0,80})/iu,
  /\b((?:[\p{L}-]+ ){1,4}?(?:people|customers|clients|colleagues|someone|somebody|members|tenants|users|guests|staff|everyone|anyone|employees|students|suppliers) (?:asks?|posts?|writes?|sends?|raises?|reports?|leaves?)\b[^.;]{0,80})/iu,
  /\b((?:each|every|any|all|new|incoming)\s+(?:new\s+|incoming\s+|unread\s+)?(?:[\p{L}-]+ ){0,2}?(?:e-?mails?|mails?|messages?|questions?|requests?|enquir(?:y|ies)|inquir(?:y|ies)|posts?|bills?|leads?|tickets?|issues?|pull requests?|prs?|applications?|orders?|complaints?|payments?|donations?|receipts?|transfers?|refunds?|members?|joiners?|customers?|sign-?ups?|bookings?|introductions?)\b[^.;,]{0,80})/iu,
  /\b((?:incoming|inbound|arriving)\s+[\p{L}-]+[^.;,]{0,60})/iu,
];

/** The event that starts a sentence's duties: its condition, or what "each new mail" and "questions people ask" imply. */
export function eventOf(sentence: string, condition: string | undefined, around: EventSurroundings): EventFound | undefined {
  const stated = condition === undefined ? undefined : statedEvent(sentence, condition, around);
  if (stated || condition !== undefined) return stated;
  if (findSchedule(sentence)) return undefined;
  const said = IMPLIED.map((pattern) => pattern.exec(withoutQuotes(sentence))?.[1]).find((found) => found !== undefined);
  // "post each new mail in #a": the channel is where it goes to.
  const about =
    said !== undefined && /\b(?:e-?mails?|mails?|inbox|mailbox)\b/i.test(said)
      ? said.replace(/\s+(?:in|to|into)\s+(?:the\s+)?#.*$/u, '')
      : said;
  return about === undefined || !comesFromOutside(about, sentence) ? undefined : placed(about, sentence, around);
}

/** "Customers mail accounts@ with questions", "People report problems in #help": what the sentences after it answer. */
export function backgroundEvent(sentence: string, around: EventSurroundings): EventFound | undefined {
  const isPlaced = /#[\p{L}\p{N}]|\S@|\b(?:inbox|mailbox|by e?-?mail|gmail)\b/iu.test(sentence);
  return isPlaced && HAPPENS.test(sentence) && !findSchedule(sentence) ? placed(sentence, sentence, around) : undefined;
}

/** Whether a condition is something that happens, as opposed to a case that is told apart while at work. */
function statedEvent(sentence: string, condition: string, around: EventSurroundings): EventFound | undefined {
  const plain = condition.replace(LEAD, '');
  const isIf = /^(?:and\s+|but\s+)?if\b/i.test(condition);
  if (COMMAND.test(plain) || findSchedule(plain)) return undefined;
  if (ONE.test(plain) && around.previous !== undefined && !isIf)
    return placed(around.previous, `${around.previous} ${sentence}`, around);
  const isHeading =
    /^(?:\p{L}+\s+){0,2}(?:questions?|e-?mails?|mails?|messages?|requests?|complaints?|enquir(?:y|ies)|orders?|reports?|bugs?|incident|alarm|applications?)\b/iu.test(
      plain,
    ) && /#\p{L}|\S@|\b(?:about|on|in|from)\b/iu.test(plain);
  if (!isHeading && (NO_EVENT.test(plain) || !HAPPENS.test(plain))) return undefined;
  if (isIf && /^(?:the|it|they|he|she|this|that|one|his|her|their)\b/i.test(plain)) return undefined;
  return placed(plain, sentence, around);
}

function placed(about: string, sentence: string, { catalogue, mailbox }: EventSurroundings): EventFound {
  const said = sourceOf(about, sentence, catalogue);
  const isMail = said === 'slack' && mailbox !== undefined && !/#|\bslack\b/i.test(about);
  const source = isMail ? 'gmail' : said;
  const place = source === 'gmail' && !about.includes('@') && mailbox !== undefined ? ` at ${mailbox}` : '';
  return {
    source,
    about: `${about
      .trim()
      .replace(/[.:;,]+$/, '')
      .slice(0, 200)}${place}`,
  };
}

/** New mail and questions come from outside; "every invoice" and "each new digest" do not. */
function comesFromOutside(about: string, sentence: string): boolean {
  return (
    /\b(?:new|incoming|inbound|arriving|unread|come|comes|arrive|arrives|land|lands|sent|posted|ask|asks|post|posts|write|writes|send|sends|raise|raises|report|reports|leave|leaves|reach|reaches|get|gets)\b/i.test(
      about,
    ) ||
    (/\b(?:e-?mails?|mails?|messages?|questions?|requests?)\b/i.test(about) && /@|#|\b(?:inbox|mailbox|gmail)\b/i.test(sentence))
  );
}

function withoutQuotes(text: string): string {
  return text.replace(/"[^"]*"/g, ' ');
}
