import type { Json, JsonObject } from '../../../contracts/json.ts';
import { findCount, findDaysAhead, findDaysLate, findHours, findMinutes, findMoney, findTimes } from '../slots/amounts.ts';
import { channelMentions } from '../slots/channels.ts';
import { findEmoji } from '../slots/emoji.ts';
import { findAddress, findDomain, findLabel, findLabels, findMailbox, findMailQuery, findRepository } from '../slots/mail.ts';
import { findPerson } from '../slots/people.ts';
import { findText, findTopic } from '../slots/phrases.ts';
import type { SkillTemplate, TemplateSlot } from '../templates/template.ts';

/** Channels that an earlier sentence tells the employee to read. */
export interface Reading {
  sentence: string;
  channels: string[];
  hours?: number;
}

/** What the words around a clause give to its slots. */
export interface Surroundings {
  clause: string;
  /** The whole sentence, condition included. */
  sentence: string;
  /** "when someone posts in #x": where what is answered happens. */
  condition?: string;
  reading?: Reading;
  /** Earlier duties, the latest last, such as the question whose answers are collected. */
  earlier: { template: string; slots: JsonObject }[];
}

export interface FilledSlots {
  values: JsonObject;
  said: string[];
  missing: TemplateSlot[];
  usedReading: boolean;
  /** Slots whose default stands in for something that only the manager knows. */
  asked: TemplateSlot[];
}

/** Fills the slots of a template from clause, sentence and context, in that order; defaults last. */
export function fillSlots(template: SkillTemplate, around: Surroundings): FilledSlots {
  const filled: FilledSlots = { values: {}, said: [], missing: [], usedReading: false, asked: [] };
  const hasTarget = template.slots.some(({ kind }) => kind === 'target_channel');
  for (const slot of template.slots) {
    const own = readSlot(slot, around.clause, hasTarget) ?? readWider(slot, around);
    if (own !== undefined) {
      filled.values[slot.name] = own;
      filled.said.push(slot.name);
      continue;
    }
    const carried = carriedOver(slot, around);
    if (carried !== undefined) {
      filled.values[slot.name] = carried;
      filled.usedReading ||=
        slot.kind === 'source_channels' && around.reading !== undefined && carried === around.reading.channels;
    } else if (slot.default !== undefined) {
      filled.values[slot.name] = slot.default;
      if (slot.asksWhenDefault) filled.asked.push(slot);
    } else if (slot.required) filled.missing.push(slot);
  }
  return filled;
}

function carriedOver(slot: TemplateSlot, around: Surroundings): Json | undefined {
  const { from } = slot;
  if (from) return around.earlier.findLast(({ template }) => template === from.template)?.slots[from.slot];
  if (slot.kind === 'source_channels') return around.reading?.channels;
  return slot.kind === 'hours' ? around.reading?.hours : undefined;
}

const WIDE = new Set(['mailbox', 'mail_query', 'days_ahead', 'times', 'labels', 'repository', 'domain']);

/** The condition and the other clauses give sources, periods and limits only: a target belongs to its own clause. */
function readWider(slot: TemplateSlot, { sentence, condition }: Surroundings): Json | undefined {
  if (slot.kind === 'hours') return findHours(sentence);
  if (slot.kind === 'money') return findMoney(sentence);
  if (slot.kind === 'days_late') return findDaysLate(sentence);
  if (WIDE.has(slot.kind))
    return (condition === undefined ? undefined : readSlot(slot, condition, false)) ?? readSlot(slot, sentence, false);
  const happening = condition === undefined ? [] : namesOf(condition, ['source', 'target', 'unknown']);
  const names = happening.length > 0 ? happening : namesOf(sentence, ['source']);
  if (slot.kind === 'source_channel') return names[0];
  return slot.kind === 'source_channels' && names.length > 0 ? names : undefined;
}

function readSlot(slot: TemplateSlot, clause: string, hasTarget: boolean): Json | undefined {
  switch (slot.kind) {
    case 'source_channels': {
      const names = sourcesOf(clause, hasTarget);
      return names.length > 0 ? names : undefined;
    }
    case 'source_channel':
      return sourcesOf(clause, hasTarget)[0];
    case 'quoted_words': {
      const words = [...clause.matchAll(/"([^"]{2,40})"/g)].map((match) => match[1]!.toLowerCase());
      return words.length > 0 ? words : undefined;
    }
    case 'target_channel':
      return namesOf(clause, ['target'])[0] ?? namesOf(clause, ['unknown'])[0];
    case 'person':
      return findPerson(clause);
    case 'emoji':
      return findEmoji(clause);
    case 'hours':
      return findHours(clause);
    case 'count':
      return findCount(clause);
    case 'money':
      return findMoney(clause);
    case 'days_late':
      return findDaysLate(clause);
    case 'text':
      return findText(clause);
    case 'topic':
      return findTopic(clause);
    case 'address':
      return findAddress(clause);
    case 'mailbox':
      return findMailbox(clause);
    case 'domain':
      return findDomain(clause);
    case 'days_ahead':
      return findDaysAhead(clause);
    case 'minutes':
      return findMinutes(clause);
    case 'times':
      return findTimes(clause);
    case 'label':
      return findLabel(clause);
    case 'labels':
      return findLabels(clause);
    case 'mail_query':
      return findMailQuery(clause);
    case 'repository':
      return findRepository(clause);
  }
  return undefined;
}

/** Where a skill also has a target, a channel of unknown role is a source only beside a sure target. */
function sourcesOf(clause: string, hasTarget: boolean): string[] {
  if (!hasTarget) return namesOf(clause, ['source', 'unknown', 'target']);
  const sure = namesOf(clause, ['source']);
  return sure.length === 0 && namesOf(clause, ['target']).length > 0 ? namesOf(clause, ['unknown']) : sure;
}

function namesOf(text: string, roles: string[]): string[] {
  return [
    ...new Set(
      channelMentions(text)
        .filter(({ role }) => roles.includes(role))
        .map(({ name }) => name),
    ),
  ];
}
