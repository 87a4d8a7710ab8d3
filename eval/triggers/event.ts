import type { TriggerProposal } from '../../contracts/employee-graph.ts';
import type { EventLabel } from '../set/schema.ts';
import { stemsOf, wordsOf } from '../words.ts';

export type EventProposal = Extract<TriggerProposal, { type: 'external_event' }>;

/** A label that names a place alone, "a mail arrives at help@", is met by what a part of its mails is about. */
const PART_OF_ALL = 0.2;
/** Share of the label's words that the proposal must have to mean the same. */
const MIN_COMMON = 1 / 3;
/** Where the proposal leaves the place out. */
const MIN_COMMON_WITHOUT_PLACE = 1 / 2;
/** What a source says of itself: these words tell nothing about which of its events is meant. */
const OF_SOURCE: { [source: string]: string } = {
  gmail: 'mail mails email emails inbox mailbox message messages arrives comes come in received gets writes write sent sends',
  slack:
    'slack message messages channel channels posts post posted writes write written asks ask asked asking question questions',
};
const ADDRESSED =
  /\b(?:direct message|dms?|mentions? (?:the employee|you|it|me)|addresse[sd]|(?:writes?|sends?|says?|tells?|asks?|messages?|orders?)\b.{0,60}\b(?:you|the employee))\b/i;

/** 0 to 1: how much of what the label says the proposal says; 0 where source or place differ. */
export function likeness(label: EventLabel, proposed: EventProposal): number {
  if (label.source !== proposed.source) return 0;
  const wanted = stemsOf(label.about);
  for (const stem of stemsOf(OF_SOURCE[label.source] ?? '')) wanted.delete(stem);
  const places = placesIn(label.about);
  const own = new Set([...placesIn(proposed.about), ...filtersOf(proposed)]);
  const isPlaced = [...places].some((place) => own.has(place));
  if (places.size > 0 && own.size > 0 && !isPlaced) return 0;
  const common = Math.max(commonShare(wanted, proposed.about), commonShare(wanted, proposed.sentence));
  if (isPlaced) return (1 + common) / 2;
  if (wanted.size === 0) return places.size === 0 ? 1 : PART_OF_ALL;
  return common >= (places.size > 0 ? MIN_COMMON_WITHOUT_PLACE : MIN_COMMON) ? common : 0;
}

/** Whether an event is that somebody speaks to the employee: a direct command as well. */
export function isAddressed({ source, about }: Pick<EventLabel, 'source' | 'about'>): boolean {
  return source === 'slack' && ADDRESSED.test(about);
}

function commonShare(wanted: ReadonlySet<string>, text: string): number {
  if (wanted.size === 0) return 0;
  const has = stemsOf(text);
  return [...wanted].filter((stem) => has.has(stem)).length / wanted.size;
}

/** Channels and mailboxes, without their signs: `#office`, `help@`, `help@firm.example`. */
function placesIn(text: string): Set<string> {
  const places = wordsOf(text).filter((word) => word.startsWith('#') || /.@/.test(word));
  return new Set(places.map((place) => place.replace(/^#/, '').replace(/@.*$/, '')));
}

function filtersOf({ events = [] }: EventProposal): string[] {
  return events.flatMap(({ filter }) =>
    Object.values(filter).map((value) => value.replace(/^#/, '').replace(/@.*$/, '').toLowerCase()),
  );
}
