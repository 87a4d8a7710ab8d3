import type { Catalogue } from '../../../contracts/capability.ts';

const MAIL_WORDS =
  /\b(?:e-?mail(?:s|ed|ing)?|mail(?:s|ed|box|ing)?|inbox(?:es)?|gmail|newsletters?|subject line)\b|(?<![\p{L}\p{N}])[\p{L}\p{N}._+-]+@(?:[\p{L}\p{N}-]+\.|(?=[\s,.;:)]|$))/iu;
const SLACK_WORDS = /#[\p{L}\p{N}]|\bslack\b|\b(?:channel|thread|workspace|direct message|dms?|mentions? (?:you|the bot))\b/iu;
const BOOKS_EVENT =
  /\b(?:invoices?|bills?|payments?|donations?|customers?|clients?|deposits?|transfers?)\b[^.]{0,40}\b(?:paid|booked|recorded|entered|created|added|registered|posted|overdue|due|late|falls? due|marked|made|comes? through|unpaid)\b|\b(?:quickbooks|qbo|books)\b|\b(?:new|incoming)\s+(?:payments?|donations?|invoices?|customers?|bills?)\b|\b(?:pays?|paid|settles?|settled)\b|\bpayments?\b[^.]{0,20}\b(?:comes? in|arrives?|received|lands?|shows? up|goes through)\b/i;
const ARRIVES =
  /\b(?:arrives?|comes? in|came in|comes? back|received?|receives?|lands?|gets? in|reach(?:es)? us|sends? (?:us|in|over)|writes? (?:in|to us|us)|replies|reply|sends?)\b/i;
const GITHUB_WORDS =
  /\b(?:github|pull requests?|repos?(?:itor(?:y|ies))?|commits?|merge requests?|bugs? (?:is|are|gets?) (?:reported|filed|opened)|issues? (?:is|are|gets?) (?:opened|closed|filed|created|raised)|opens? an issue|new (?:github )?issues?|prs?)\b/i;
const CALENDAR_WORDS =
  /\b(?:calendars?|(?:meetings?|appointments?|events?|bookings?|viewings?|interviews?)\b[^.]{0,30}\b(?:booked|created|moved|cancell?ed|added|rescheduled|starts?|begins?|scheduled|changed|accepted|declined))\b/i;
const STRIPE_WORDS = /\bstripe\b/i;
const OUTSIDER =
  /\b(?:customers?|clients?|suppliers?|vendors?|tenants?|guests?|leads?|prospects?|applicants?|candidates?|donors?|buyers?|patients?|parents?|landlords?|sponsors?|bank)\b/i;

/** The provider that tells of what a condition speaks of, of those there are; Slack where people speak. */
export function sourceOf(condition: string, sentence: string, catalogue: Catalogue): string {
  const has = (provider: string): boolean => catalogue.providers.some((one) => one.provider === provider);
  const found = candidates(condition, sentence).find(has);
  return found ?? 'slack';
}

function candidates(condition: string, sentence: string): string[] {
  const named: [RegExp, string][] = [
    [/#[\p{L}\p{N}]|\bon slack\b|\bslack\b/iu, 'slack'],
    [STRIPE_WORDS, 'stripe'],
    [/\bgithub\b/i, 'github'],
    [/\b(?:quickbooks|qbo)\b/i, 'quickbooks'],
    [MAIL_WORDS, 'gmail'],
    [CALENDAR_WORDS, 'calendar'],
    [GITHUB_WORDS, 'github'],
    [SLACK_WORDS, 'slack'],
  ];
  const own = named.filter(([pattern]) => pattern.test(condition)).map(([, provider]) => provider);
  if (own.length > 0) return own;
  const books = BOOKS_EVENT.test(condition) ? [STRIPE_WORDS.test(sentence) ? 'stripe' : 'quickbooks'] : [];
  if (
    /\b(?:asks?|wants? to know|posts?|joins?|introduc\w+|wonders?|mentions?|tags?|needs? to know|shares?)\b/i.test(condition) &&
    !OUTSIDER.test(condition)
  )
    return ['slack', ...books];
  if (books.length > 0 && !/\b(?:sends?|arrives? by|writes?)\b/i.test(condition)) return [...books, 'gmail'];
  if (OUTSIDER.test(condition) || ARRIVES.test(condition))
    return MAIL_WORDS.test(sentence) || !/#[\p{L}]/u.test(sentence) || ARRIVES.test(condition)
      ? ['gmail', ...books]
      : ['slack', 'gmail'];
  if (MAIL_WORDS.test(sentence) && !SLACK_WORDS.test(sentence)) return ['gmail'];
  return books;
}
