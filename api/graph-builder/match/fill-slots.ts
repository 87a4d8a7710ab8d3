import type { Json, JsonObject } from '../../../contracts/json.ts';
import { findCount, findHours } from '../slots/amounts.ts';
import { channelMentions } from '../slots/channels.ts';
import { findEmoji } from '../slots/emoji.ts';
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
  reading?: Reading;
  /** Values of earlier duties under the same slot names, such as the channel and topic of a question. */
  earlier: JsonObject;
}

export interface FilledSlots {
  values: JsonObject;
  said: string[];
  missing: TemplateSlot[];
  usedReading: boolean;
}

/** Fills the slots of a template from clause, sentence and context, in that order; defaults last. */
export function fillSlots(template: SkillTemplate, around: Surroundings): FilledSlots {
  const filled: FilledSlots = { values: {}, said: [], missing: [], usedReading: false };
  const hasTarget = template.slots.some(({ kind }) => kind === 'target_channel');
  for (const slot of template.slots) {
    const own = readSlot(slot, around.clause, hasTarget) ?? (around.clause === around.sentence ? undefined : readWider(slot, around.sentence));
    if (own !== undefined) {
      filled.values[slot.name] = own;
      filled.said.push(slot.name);
      continue;
    }
    const carried = carriedOver(slot, around);
    if (carried !== undefined) {
      filled.values[slot.name] = carried;
      filled.usedReading ||= slot.kind === 'source_channels' && around.reading !== undefined && carried === around.reading.channels;
    } else if (slot.default !== undefined) filled.values[slot.name] = slot.default;
    else if (slot.required) filled.missing.push(slot);
  }
  return filled;
}

function carriedOver(slot: TemplateSlot, around: Surroundings): Json | undefined {
  if (slot.kind === 'source_channels') return around.reading?.channels ?? around.earlier[slot.name];
  if (slot.kind === 'hours') return around.reading?.hours;
  if (slot.kind === 'topic') return around.earlier[slot.name];
  return undefined;
}

/** The condition and the other clauses give sources and periods only: a target belongs to its own clause. */
function readWider(slot: TemplateSlot, sentence: string): Json | undefined {
  if (slot.kind === 'hours') return findHours(sentence);
  if (slot.kind !== 'source_channels') return undefined;
  const names = namesOf(sentence, ['source']);
  return names.length > 0 ? names : undefined;
}

function readSlot(slot: TemplateSlot, clause: string, hasTarget: boolean): Json | undefined {
  switch (slot.kind) {
    case 'source_channels': {
      const names = sourcesOf(clause, hasTarget);
      return names.length > 0 ? names : undefined;
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
    case 'text':
      return findText(clause);
    case 'topic':
      return findTopic(clause);
  }
}

/** Where a skill also has a target, a channel of unknown role is a source only beside a sure target. */
function sourcesOf(clause: string, hasTarget: boolean): string[] {
  if (!hasTarget) return namesOf(clause, ['source', 'unknown', 'target']);
  const sure = namesOf(clause, ['source']);
  return sure.length === 0 && namesOf(clause, ['target']).length > 0 ? namesOf(clause, ['unknown']) : sure;
}

function namesOf(text: string, roles: string[]): string[] {
  return [...new Set(channelMentions(text).filter(({ role }) => roles.includes(role)).map(({ name }) => name))];
}
