import type { Catalogue } from '../../../contracts/capability.ts';
import { findCapability } from '../catalogue.ts';
import { findEmoji } from '../slots/emoji.ts';
import { channelMentions } from '../slots/channels.ts';
import type { DoingSaid } from './doings.ts';
import type { Action, Thing } from './lexicon/meaning.ts';
import { OUTSIDERS } from './lexicon/people.ts';
import { BY_HAND, mediumOf, type Medium } from './medium.ts';

/** A capability that a doing cannot do without: any one of these, the plainest first. */
export interface Need {
  any: string[];
  /** Of a writing need, what is written: "the reminder". */
  doing: DoingSaid;
}

export interface NeedsContext {
  catalogue: Catalogue;
  /** The provider whose event starts the clause. */
  event?: string | undefined;
  /** Stripe, where the text speaks of it and not of QuickBooks. */
  books: string;
  /** What "it" and "them" stand for. */
  antecedents: Thing[];
  clause: string;
}

export interface NeedsRead {
  needs: Need[];
  /** Understood, but the text leaves open what or where. */
  question?: string;
}

const READS: { [thing in Thing]?: string[][] } = {
  overdue: [['$books/invoice.list']],
  invoice: [['$books/invoice.list']],
  aged_receivables: [['quickbooks/report.aged_receivables']],
  bill: [['quickbooks/bill.list']],
  payment: [['$books/payment.list', 'quickbooks/payment.list']],
  customer: [['$books/customer.list']],
  profit: [['quickbooks/report.profit_and_loss']],
  event: [['calendar/event.list']],
  free_time: [['calendar/freebusy.read']],
  issue: [['github/issue.list']],
  pull_request: [['github/pull.list']],
  repository: [['github/repository.list']],
  file: [['github/file.read']],
  mail: [['gmail/email.search'], ['gmail/email.read']],
  mail_thread: [['gmail/thread.read']],
  thread: [['slack/slack.thread.read']],
  channel: [['slack/slack.channels.list']],
  person: [['slack/slack.users.find']],
};

const CREATES: { [thing in Thing]?: string } = {
  invoice: '$books/invoice.create',
  bill: 'quickbooks/bill.create',
  customer: '$books/customer.create',
  payment: 'quickbooks/payment.create',
  event: 'calendar/event.create',
  issue: 'github/issue.create',
  payment_link: 'stripe/paymentlink.create',
};

/** Things that stand in a sentence as what it is about; the rest is its wording. */
const DATA = new Set<Thing>([
  'overdue',
  'invoice',
  'aged_receivables',
  'bill',
  'payment',
  'profit',
  'event',
  'free_time',
  'issue',
  'pull_request',
  'file',
  'mail_thread',
  'channel',
]);
const INTO_CALENDAR =
  /\b(?:put|add|enter|block|pencil|place|drop|note|create|get)\w*\b[^.]{0,60}\b(?:in|into|on|to)\s+(?:(?:the|our|my|her|his|their|a|your)\s+)?(?:[\p{L}-]+\s+)?(?:calendars?|diary)\b/iu;
const LABELS = /\b(?:give|put|gets?|receives?|assign|add|attach|stick|apply|set|need|needs)\b.{0,120}?\b(?:labels?|tags?)\b/i;
const DRAFTS =
  /\b(?:save|leave|prepare|write|make|create|keep|compose|put)\w*\b[^.]*\b(?:as )?(?:an? |the )?(?:e-?mail |mail |reply )?drafts?\b(?! (?:of the|invoice|contract))/i;
const TELLING = new Set<Action>(['tell', 'remind', 'ask', 'answer', 'welcome', 'send', 'summarise']);
const OF_MONEY = new Set<Thing>(['payment', 'bill', 'invoice', 'customer']);

/** What a verb and what it speaks of cannot be done without. Writes come from what stands beside the verb only. */
export function needsOf(doing: DoingSaid, context: NeedsContext): NeedsRead {
  const direct = thingsOf(doing, context);
  const all = [...new Set([...direct, ...doing.objects.flatMap(({ things }) => things)])];
  const write = doing.isDescribing ? undefined : (writeOf(doing, direct, all, context) ?? phrasedWrite(doing));
  const reads = BY_HAND.test(doing.text) ? [] : readsOf(doing, direct, all, context);
  const needs = [...reads, ...(write?.any ?? [])].flatMap((any) => {
    const there = any.map((one) => one.replace('$books', context.books)).filter((one) => findCapability(context.catalogue, one));
    return there.length > 0 ? [{ any: [...new Set(there)], doing }] : [];
  });
  return { needs, ...(write?.question !== undefined && { question: write.question }) };
}

function thingsOf(doing: DoingSaid, { antecedents }: NeedsContext): Thing[] {
  const direct = doing.objects
    .filter(({ preposition }) => preposition === undefined || (preposition === 'as' && doing.actions.includes('create')))
    .flatMap(({ things }) => things);
  const isPronoun = new RegExp(
    `^\\S+(?:\\s+\\S+)?\\s+(?:it|them|these|those|this|that|each one|one|him|her|the same)\\b`,
    'i',
  ).test(doing.text);
  const isBare = doing.isPassive && doing.objects.length === 0;
  return direct.length === 0 && (isPronoun || isBare) ? antecedents : direct;
}

function readsOf(doing: DoingSaid, direct: Thing[], all: Thing[], context: NeedsContext): string[][] {
  const does = (action: Action): boolean => doing.actions.includes(action);
  const isSlack = channelMentions(doing.text).some(({ role }) => role !== 'target');
  const reads: string[][] = [];
  if (does('look') || does('summarise')) {
    if (isSlack) reads.push(['slack/slack.read']);
    const seen = does('look') ? all : all.filter((thing) => DATA.has(thing) || thing === 'mail');
    const mailIsWay =
      !direct.includes('mail') && mediumOf(doing.text, {}, false) === 'mail' && !/\b(?:mailbox|inbox|gmail)\b/i.test(doing.text);
    for (const thing of seen) {
      if (isSlack && thing === 'mail') continue;
      if (thing === 'mail' && mailIsWay && !does('look')) continue;
      if (thing === 'customer' && !direct.includes('customer')) continue;
      if ((thing === 'thread' || thing === 'event') && !direct.includes(thing) && !does('look')) continue;
      reads.push(...(READS[thing] ?? []));
    }
    if (does('look') && direct.length === 0 && context.event === 'gmail' && /\b(?:it|them)\b/i.test(doing.text))
      reads.push(['gmail/email.read']);
    return reads;
  }
  if (
    isSlack &&
    (does('tell') || does('ask') || does('remind')) &&
    /\b(?:messages?|posts?|questions?|what|who|whoever|reports?|replies|answers?)\b[^.]*#/i.test(doing.text) &&
    channelMentions(doing.text).some(({ role }) => role === 'source')
  )
    reads.push(['slack/slack.read']);
  const isAboutData = ['tell', 'remind', 'ask', 'answer', 'draft', 'comment', 'send', 'welcome'].some((one) =>
    does(one as Action),
  );
  if (isAboutData)
    for (const thing of all) if (DATA.has(thing) && !(does('send') && thing === 'invoice')) reads.push(...(READS[thing] ?? []));
  return reads;
}

interface Write {
  any: string[][];
  question?: string;
}

function writeOf(doing: DoingSaid, direct: Thing[], all: Thing[], context: NeedsContext): Write | undefined {
  const first = (...actions: Action[]): boolean => actions.some((action) => doing.actions.includes(action));
  const emoji = all.includes('emoji') || findEmoji(doing.text) !== undefined;
  if (INTO_CALENDAR.test(doing.text) && first('create', 'tell', 'react', 'schedule')) return { any: [['calendar/event.create']] };
  if (!first('label') && LABELS.test(doing.text) && !/\b(?:issue|pull request|ticket)s?\b/i.test(doing.text))
    return { any: [['gmail/email.label']] };
  if (DRAFTS.test(doing.text) && !first('look') && !/\bmyself\b/i.test(doing.text)) return { any: [['gmail/email.draft']] };
  if (doing.verb.startsWith('write') && direct[0] === 'invoice' && !/\breminder|about\b/i.test(doing.text))
    return { any: [['$books/invoice.create', 'quickbooks/invoice.create']] };
  const isTick = /^(?:react|tick|tick off|thumbs-up)$/.test(doing.verb) && !/\b(?:checklist|to-?do|box)\b/i.test(doing.text);
  if ((first('react') && emoji && !first('welcome')) || isTick) return { any: [['slack/slack.react']] };
  if (first('welcome') && emoji) {
    const words = wordsOut(doing, direct, all, context);
    return { any: [['slack/slack.react'], ...(words?.any ?? [])] };
  }
  if (
    first('refund') &&
    (all.includes('payment') || all.includes('refund') || doing.verb === 'refund' || doing.verb === 'reimburse')
  )
    return { any: [['stripe/refund.create']] };
  if (first('close') && direct.includes('issue')) return { any: [['github/issue.close']] };
  if (first('comment') && (all.includes('issue') || all.includes('pull_request') || direct.length === 0))
    return { any: [['github/issue.comment']] };
  if (first('label') && isLabelling(doing, direct, all, context)) return { any: [['gmail/email.label']] };
  // "write a draft of the reply": whatever else the verb can mean, nothing is sent.
  const isSuggested = /^(?:suggest|propose)$/.test(doing.verb) && (all.includes('mail') || context.event === 'gmail');
  if (isDraftNoun(doing) || isSuggested) return { any: [['gmail/email.draft']] };
  if (first('draft') && isDraft(doing, direct, all, context)) return { any: [['gmail/email.draft']] };
  if (first('schedule') && (direct.includes('event') || doing.verb.includes('calendar')))
    return { any: [['calendar/event.create'], ...(all.includes('free_time') ? [['calendar/freebusy.read']] : [])] };
  if (first('change') && direct.includes('event')) return { any: [['calendar/event.update']] };
  if (first('cancel') && direct.includes('event')) return { any: [['calendar/event.delete']] };
  const sent = sendsRecord(doing, direct);
  if (sent) return { any: [['$books/invoice.send', 'stripe/invoice.send']] };
  const isPosted =
    /\b(?:in|into|to|on)\s+(?:the\s+)?#/i.test(doing.text) &&
    !/\b(?:quickbooks|stripe|calendar|github|books)\b/i.test(doing.text);
  if (first('create') && isPosted) return { any: [['slack/slack.post']] };
  const created = first('create') ? createdBy(doing, direct, context) : undefined;
  if (created) return created;
  if (doing.actions.some((action) => TELLING.has(action)) && !(first('look') && !first('tell')))
    return wordsOut(doing, direct, all, context);
  const isListed =
    /^(?:list|name|collect|count|compile|total|show|pull|pull together|gather|extract|identify|find|look up|check|add up|tally|flag)$/.test(
      doing.verb,
    ) &&
    /\b(?:by|via|in|as|per|through)\s+(?:(?:a|an|one|the)\s+)?(?:direct message|dm|private message|slack dm|e-?mail)\b|\b(?:in|to|into)\s+#/i.test(
      doing.text,
    );
  return isListed && (direct.length > 0 || /\bdm|direct message/i.test(doing.text))
    ? wordsOut(doing, direct, all, context)
    : undefined;
}

function isLabelling(doing: DoingSaid, direct: Thing[], all: Thing[], { event, clause }: NeedsContext): boolean {
  if (direct.includes('issue') || direct.includes('pull_request') || direct[0] === 'event') return false;
  const isMail =
    all.includes('mail') || event === 'gmail' || /\b(?:mails?|e-?mails?|inbox|mailbox|labels?|gmail)\b/i.test(clause);
  if (/^(?:label|tag|categori[sz]e|classify)/.test(doing.verb)) return isMail || !/#\p{L}/u.test(clause);
  return (
    isMail &&
    (direct.includes('mail') || direct.includes('message') || direct.length === 0 || /\blabel/i.test(doing.text)) &&
    /\b(?:label|as|under|into|by|with|in)\b/i.test(doing.text)
  );
}

function isDraftNoun({ verb, text }: DoingSaid): boolean {
  return (
    /^(?:write|write up|write out|save|put|leave|keep|create|make|make out|store|place|drop|compose|produce)$/.test(verb) &&
    /\b(?:an?|the|as|in|into|among|my|our|your|his|her|their|\p{L}+) (?:e-?mail |reply |answer |mail )?drafts?\b(?! (?:invoices?|bills?|pull|prs?\b))/iu.test(
      text,
    ) &&
    !/#\p{L}/u.test(text) &&
    !/\b(?:invoice|bill|issue) drafts?\b/i.test(text)
  );
}

function isDraft(doing: DoingSaid, direct: Thing[], all: Thing[], { event, clause }: NeedsContext): boolean {
  const isWords = ['reply', 'mail', 'message', 'question'].some((thing) => direct.includes(thing as Thing));
  if (/\bdrafts?\b/i.test(clause) && (isWords || all.includes('mail') || event === 'gmail')) return true;
  if (event === 'slack' && !all.includes('mail')) return false;
  if (['invoice', 'bill', 'event', 'issue'].some((thing) => direct.includes(thing as Thing))) return false;
  return (
    isWords &&
    (all.includes('mail') || event === 'gmail' || direct.includes('reply')) &&
    !(doing.verb === 'propose' || doing.verb === 'suggest')
  );
}

function sendsRecord(doing: DoingSaid, direct: Thing[]): boolean {
  if (!doing.actions.includes('send') || doing.verb === 'issue') return false;
  const [head] = direct.filter((thing) => thing !== 'customer');
  return head === 'invoice' && !/\b(?:reminder|summary|list|overview|digest|copy of the list)\b/i.test(doing.text);
}

function createdBy(doing: DoingSaid, direct: Thing[], context: NeedsContext): Write | undefined {
  if (doing.verb === 'bill' || doing.verb === 'invoice') return { any: [['$books/invoice.create']] };
  const [head] = direct.filter((thing) => CREATES[thing] !== undefined);
  const isListing = direct.includes('summary') && direct[0] === 'summary';
  if (head === undefined || isListing) return undefined;
  if (
    /^(?:submit|build|start|charge|feed|save|file|put in|do|note|document|add|onboard|run up|block|fill in|prepare|capture|open|generate|write down)$/.test(
      doing.verb,
    ) &&
    head === 'payment' &&
    doing.verb !== 'add' &&
    doing.verb !== 'capture'
  )
    return undefined;
  const capability = CREATES[head]!;
  const isDraftMail = /\bdrafts?\b/i.test(doing.text) && direct.includes('mail');
  if (isDraftMail) return undefined;
  const finds =
    head === 'customer' && /\b(?:unless|if|already|missing|not (?:yet )?there|isn't|new)\b/i.test(context.clause)
      ? [['$books/customer.list']]
      : [];
  const finder = head === 'payment' && /\b(?:invoices?|match)\b/i.test(context.clause) ? [['$books/invoice.list']] : [];
  return {
    any: [...finds, ...finder, OF_MONEY.has(head) ? [capability, capability.replace('$books', 'quickbooks')] : [capability]],
  };
}

const CAPABILITY_OF: { [medium in Medium]?: string } = {
  channel: 'slack/slack.post',
  thread: 'slack/slack.post',
  dm: 'slack/slack.dm',
  mail: 'gmail/email.send',
  reply: 'gmail/email.reply',
};

function wordsOut(doing: DoingSaid, direct: Thing[], all: Thing[], context: NeedsContext): Write | undefined {
  const isAnswer = doing.actions.includes('answer');
  if (isAnswer && /^(?:confirm|acknowledge)$/.test(doing.verb) && context.event === undefined) return undefined;
  if (
    /^(?:want|need|like)$/.test(doing.verb) &&
    !/\b(?:message|dm|summary|digest|list|overview|note|mail|e-?mail|report|recap|heads-up)\b/i.test(doing.text)
  )
    return undefined;
  if (
    /^(?:report|compile|put together|produce|generate|write up)$/.test(doing.verb) &&
    !/\b(?:to|in|on|by|via)\b/i.test(doing.text)
  )
    return undefined;
  const medium = mediumOf(
    doing.verb === 'email' || doing.verb === 'mail' || doing.verb === 'e-mail' || doing.verb === 'mail out'
      ? `email ${doing.text}`
      : doing.text,
    context,
    isAnswer,
    doing.actions.includes('remind'),
  );
  if (medium === 'dm' && doing.verb.startsWith('write') && !/\b(?:to|me|us|direct|dm|privately|slack)\b/i.test(doing.text))
    return undefined;
  const capability = CAPABILITY_OF[medium];
  if (capability === undefined || BY_HAND.test(doing.text)) return undefined;
  if (
    doing.actions.includes('summarise') &&
    !doing.actions.includes('tell') &&
    medium === 'dm' &&
    !OUTSIDERS.test(doing.text) &&
    !/\b(?:to|for|me)\b/i.test(doing.text)
  )
    return undefined;
  const isObjectless =
    direct.length === 0 &&
    all.length === 0 &&
    [
      'give',
      'drop',
      'hand',
      'raise',
      'put',
      'shoot',
      'deliver',
      'take',
      'submit',
      'page',
      'need',
      'want',
      'like',
      'celebrate',
    ].includes(doing.verb);
  if (isObjectless && medium !== 'channel' && medium !== 'dm') return undefined;
  if (medium === 'reply' && findsDraft(doing)) return { any: [['gmail/email.draft']] };
  const isBack = medium === 'mail' && context.event === 'gmail' && !/@/.test(doing.text);
  return { any: [isBack ? ['gmail/email.reply', 'gmail/email.send'] : [capability]] };
}

function findsDraft(doing: DoingSaid): boolean {
  return /\bdrafts?\b/i.test(doing.text);
}

/** Writes that no verb of the lexicon says: "every mail gets a label", "have a reply waiting in drafts". */
function phrasedWrite({ text }: DoingSaid): Write | undefined {
  if (
    /\b(?:gets?|receives?|need|needs|has|have)\b[^.]*\blabels?\b/i.test(text) &&
    !/\b(?:issue|pull request|ticket)s?\b/i.test(text)
  )
    return { any: [['gmail/email.label']] };
  if (
    /\b(?:repl(?:y|ies)|answers?|responses?|mails?|e-?mails?|draft)\b[^.]*\b(?:in|into|as|to)\s+(?:(?:my|the|our|your|their|a|gmail)\s+)?drafts?\b/i.test(
      text,
    )
  )
    return { any: [['gmail/email.draft']] };
  return undefined;
}
