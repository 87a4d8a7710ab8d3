import type { Catalogue } from '../../../contracts/capability.ts';
import { qualifyCapability } from '../../../contracts/ids.ts';
import { findCapability, riskOf } from '../catalogue.ts';
import { readDoings, type DoingSaid } from '../match/doings.ts';
import type { Thing } from '../match/lexicon/meaning.ts';
import { OUTSIDERS } from '../match/lexicon/people.ts';
import { needsOf } from '../match/needs.ts';
import { providersMeant } from '../match/providers.ts';
import { wordPattern } from '../text/words.ts';

/** What people call the things that a limit is about, with the capabilities meant. */
const SUBJECTS: { words: RegExp; capabilities: string[] }[] = [
  {
    words: wordPattern(
      'direct message*,dm,dms,private message*,message people,message anyone,message anybody,privately,personal message*,message them,message customers'.split(
        ',',
      ),
    ),
    capabilities: ['slack/slack.dm'],
  },
  { words: wordPattern(['react', 'reacts', 'reacting', 'reaction*', 'emoji*']), capabilities: ['slack/slack.react'] },
  {
    words: wordPattern(
      'post,posts,posting,posted,publish*,announc*,write in,writing in,write anything in,write to #*,say anything in,message in,messages in,goes out,digest*'.split(
        ',',
      ),
    ),
    capabilities: ['slack/slack.post'],
  },
  { words: wordPattern(['look up people', 'search for people', 'look people up']), capabilities: ['slack/slack.users.find'] },
];
const READ_SUBJECT = wordPattern(['read', 'reads', 'reading', 'look into', 'look in', 'look at']);
/** Verbs that leave a thing alone altogether. */
const ALONE =
  /\b(?:touch\w*|chang\w+|alter\w*|modif\w+|edit\w*|keep (?:away|out|off)|stay (?:away|out)|stays? (?:out|with)|hands off|leave\b[^.]*\b(?:alone|to)|off limits|not (?:your|yours|its|part)|aren't (?:your|yours)|isn't (?:your|yours)|nothing to do with|handl\w+|deal with|not your (?:business|job|task)|anything with|do with|mess with|meddle\w*|your (?:hands|fingers))\b/i;
const WRITES: { [thing in Thing]?: string[] } = {
  invoice: [
    'quickbooks/invoice.create',
    'quickbooks/invoice.send',
    'stripe/invoice.create',
    'stripe/invoice.send',
    'stripe/invoice.finalize',
  ],
  overdue: ['quickbooks/invoice.create', 'quickbooks/invoice.send'],
  bill: ['quickbooks/bill.create'],
  payment: ['quickbooks/payment.create'],
  customer: ['quickbooks/customer.create', 'stripe/customer.create'],
  refund: ['stripe/refund.create'],
  payment_link: ['stripe/paymentlink.create'],
  event: ['calendar/event.create', 'calendar/event.update', 'calendar/event.delete'],
  issue: ['github/issue.create', 'github/issue.close', 'github/issue.comment'],
  mail: ['gmail/email.send', 'gmail/email.reply'],
};
/** Capabilities that a prohibition of one means as well. */
const KIN: { [capability: string]: string[] } = {
  'gmail/email.send': ['gmail/email.reply'],
  'gmail/email.reply': ['gmail/email.send'],
  'calendar/event.create': ['calendar/event.update', 'calendar/event.delete'],
};

/** Capabilities that a limiting sentence speaks of; whole providers as `gmail/*`. */
export function subjectsOf(text: string, catalogue: Catalogue): string[] {
  const slack = SUBJECTS.filter(({ words }) => words.test(text)).flatMap(({ capabilities }) => capabilities);
  const reads =
    slack.length === 0 && READ_SUBJECT.test(text) && /#\p{L}/u.test(text) ? ['slack/slack.read', 'slack/slack.thread.read'] : [];
  const asked = writesAsked(text, catalogue);
  const found = [...slack, ...reads, ...asked];
  const others =
    found.length > 0 && !namesProvider(text)
      ? []
      : providersMeant(text).flatMap((provider) => providerCapabilities(provider, text, catalogue, asked));
  return [...new Set([...found, ...others])];
}

/** What the sentence's verbs would write with, were it a duty: "issue invoices", "write to customers". */
export function writesAsked(text: string, catalogue: Catalogue): string[] {
  const plain = text
    .replace(/\b(?:never|not|no|nothing|nobody|don't|doesn't|without)\b/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const doings = readDoings(plain);
  const alone = ALONE.test(text) ? thingsIn(text, doings).flatMap((thing) => WRITES[thing] ?? []) : [];
  const wrote = doings.flatMap((doing) => [...fromNeeds(doing, plain, catalogue), ...fromMailing(doing, plain)]);
  const paid = /\bpay(?:s|ing|ments?)?\b|\bbank\b|\btransfer\w*\b/i.test(text) ? ['quickbooks/payment.create'] : [];
  const all = [...alone, ...wrote, ...paid].flatMap((one) => [one, ...(KIN[one] ?? [])]);
  return [...new Set(all)].filter((one) => findCapability(catalogue, one) !== undefined);
}

function fromNeeds(doing: DoingSaid, clause: string, catalogue: Catalogue): string[] {
  const { needs } = needsOf(doing, {
    catalogue,
    books: /\bstripe\b/i.test(clause) ? 'stripe' : 'quickbooks',
    antecedents: [],
    clause,
  });
  return needs.flatMap(({ any }) => any).filter((one) => riskOf(catalogue, one) !== 'read');
}

/** "answer clients", "contact customers", "email anybody": words to people outside. */
function fromMailing(doing: DoingSaid, text: string): string[] {
  const isWords = doing.actions.some((action) => ['tell', 'answer', 'send', 'remind'].includes(action));
  return isWords &&
    (OUTSIDERS.test(doing.text) || /\b(?:e-?mails?|mails?)\b/i.test(`${doing.verb} ${text}`)) &&
    !/#/.test(text) &&
    !/\b(?:invoices?|slack|dms?|direct)\b/i.test(doing.text)
    ? ['gmail/email.send', 'gmail/email.reply']
    : [];
}

function thingsIn(text: string, doings: DoingSaid[]): Thing[] {
  const own = doings.flatMap(({ objects }) => objects.flatMap(({ things }) => things));
  const bare = readDoings(`check ${text.replace(/^\W+/, '')}`).flatMap(({ objects }) => objects.flatMap(({ things }) => things));
  return [...new Set([...own, ...bare])];
}

function namesProvider(text: string): boolean {
  return /\b(?:quickbooks|qbo|books|gmail|stripe|github|calendar|money|access|accounts?|finances?|e-?mails?|mails?)\b/i.test(
    text,
  );
}

/** A missing provider is ruled out whole; "change nothing in X" of one that is here spares its reads. */
function providerCapabilities(provider: string, text: string, catalogue: Catalogue, asked: string[]): string[] {
  const entry = catalogue.providers.find((candidate) => candidate.provider === provider);
  if (!entry) return [`${provider}/*`];
  const isNamed = new RegExp(
    `\\b(?:${provider}|${{ quickbooks: 'qbo|books|money|finances', gmail: 'e-?mails?|mails?|mailbox', stripe: 'money', calendar: 'calendars?', github: 'repositor(?:y|ies)' }[provider] ?? provider})\\b`,
    'i',
  ).test(text);
  if (!isNamed || asked.some((one) => one.startsWith(`${provider}/`))) return [];
  const sparesReads =
    /\b(?:change|alter|create|touch|edit|modify|sen[dt]|writ|update|delete|cancel|record|enter|book|add|go(?:es)? out)\w*\b/i.test(
      text,
    );
  if (!sparesReads) return [`${provider}/*`];
  return entry.capabilities
    .filter(({ risk }) => risk !== 'read')
    .map(({ capability }) => qualifyCapability(provider, capability));
}
