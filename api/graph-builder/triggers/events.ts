import type { EventFilter } from '../../../contracts/trigger.ts';
import type { Duty } from '../match/duty.ts';
import { internalEventsOf } from './internal-events.ts';

type Event = { type: string; filter: EventFilter };

/** What a provider calls what people say, first match first. https://developer.intuit.com, https://docs.stripe.com/api/events */
const TYPES: { [source: string]: [RegExp, string][] } = {
  gmail: [[/./, 'gmail.message']],
  quickbooks: [
    [/\b(?:payments?|donations?|pays?|paid|deposits?|transfers?)\b/i, 'quickbooks.payment.created'],
    [/\b(?:bills?|suppliers?|vendors?)\b/i, 'quickbooks.bill.created'],
    [/\binvoices?\b/i, 'quickbooks.invoice.created'],
    [/\b(?:customers?|clients?|donors?)\b/i, 'quickbooks.customer.created'],
  ],
  stripe: [
    [/\b(?:fail|fails|failed|declined)\b/i, 'stripe.invoice.payment_failed'],
    [/\binvoices?\b[^.]{0,20}\b(?:paid|settled)\b|\bpays? (?:an?|the|their) invoices?\b/i, 'stripe.invoice.paid'],
    [/\bdisputes?\b|\bchargebacks?\b/i, 'stripe.charge.dispute.created'],
    [/\brefund\w*\b/i, 'stripe.charge.refunded'],
    [/\b(?:subscri\w+|cancels?)\b/i, 'stripe.customer.subscription.deleted'],
    [/\b(?:payments?|pays?|paid|charges?)\b/i, 'stripe.payment_intent.succeeded'],
    [/\bcustomers?\b/i, 'stripe.customer.created'],
  ],
  github: [
    [/\b(?:pull requests?|prs?|merge requests?)\b/i, 'github.pull_request.opened'],
    [/\bcomments?\b/i, 'github.issue_comment.created'],
    [/\b(?:issues?|bugs?|tickets?)\b/i, 'github.issues.opened'],
    [/\b(?:push|pushes|commits?)\b/i, 'github.push'],
  ],
};

/**
 * The events that start these duties. Of Slack: messages, in the channels that they or the condition name; duties that
 * answer messages without naming a channel take those of every channel. A condition that names no event that a provider
 * tells of says none.
 */
export function eventsOf(about: string, duties: Duty[], source = 'slack'): Event[] {
  const internal = internalEventsOf(about);
  if (internal.length > 0) return internal;
  if (source !== 'slack') {
    const type = TYPES[source]?.find(([pattern]) => pattern.test(about))?.[1];
    return type === undefined ? [] : [{ type, filter: {} }];
  }
  const channels = channelsOf(about, duties);
  if (channels.length > 0) return channels.map((channel) => ({ type: 'slack.message', filter: { channel } }));
  return duties.some(({ template }) => template.event) ? [{ type: 'slack.message', filter: {} }] : [];
}

/** Where the duties listen; else what the condition names, less the places that they write to. */
function channelsOf(about: string, duties: Duty[]): string[] {
  const own = duties.flatMap(({ slots }) => nameOf(slots['channel']));
  if (own.length > 0) return [...new Set(own)];
  const targets = duties.flatMap(({ slots }) => nameOf(slots['target']));
  const named = [...about.matchAll(/#([\p{L}\p{N}_-]+)/gu)].flatMap(([, name]) => nameOf(name));
  const others = [...new Set(named)].filter((name) => !targets.includes(name));
  return others.length > 0 ? others : [...new Set(named)];
}

function nameOf(channel: unknown): string[] {
  return typeof channel === 'string' && channel !== '' ? [channel.replace(/^#/, '').toLowerCase()] : [];
}
