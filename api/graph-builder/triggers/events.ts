import type { EventFilter } from '../../../contracts/trigger.ts';
import type { Duty } from '../match/duty.ts';

/**
 * The events that start these duties: messages, in the channels that they or the condition name. Duties that answer
 * messages without naming a channel take those of every channel; a condition of others that names none says no event.
 */
export function eventsOf(about: string, duties: Duty[]): { type: string; filter: EventFilter }[] {
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
  return [...new Set(named)].filter((name) => !targets.includes(name));
}

function nameOf(channel: unknown): string[] {
  return typeof channel === 'string' && channel !== '' ? [channel.replace(/^#/, '').toLowerCase()] : [];
}
