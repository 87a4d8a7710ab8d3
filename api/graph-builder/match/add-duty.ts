import type { TriggerProposal } from '../../../contracts/employee-graph.ts';
import { canonicalHash } from '../../../contracts/digest.ts';
import type { Statement } from '../text/statements.ts';
import type { EventFound } from '../triggers/event-of.ts';
import { daysOf } from '../triggers/schedule.ts';
import { triggerOf } from '../triggers/trigger-of.ts';
import type { Duty, NotUnderstood } from './duty.ts';
import type { Reading } from './fill-slots.ts';
import type { Candidate } from './match-clause.ts';

/** Most duties of one employee; what comes after is reported. */
const MAX_DUTIES = 20;

export interface NewDuty {
  statement: Statement;
  condition: string | undefined;
  event: EventFound | 'none';
  clause: string;
  candidate: Candidate;
  runnerUp: Candidate | undefined;
  reading: Reading | undefined;
  timezone: string | null;
}

/** Adds a matched clause to the duties, or says why it cannot be one. The same duty said twice is one duty. */
export function addDuty(duties: Duty[], found: NewDuty): NotUnderstood | undefined {
  const { statement, candidate } = found;
  const { template, filled } = candidate;
  const before = duties.at(-1)?.trigger;
  const own = triggerOf(statement.text, found.condition, found.timezone, isEventDuty(found, duties), found.event, {
    clause: found.clause,
    ...(template.event && { source: template.event.source }),
    ...(before?.type === 'schedule' && statement.isListItem && { days: daysOf(before.cron) }),
  });
  if (template.event && template.event.polls !== true && own.trigger?.type === 'schedule') {
    return {
      sentence: statement.text,
      reason: 'This answers messages as they arrive; a timetable brings it none.',
      question: 'Should it happen whenever such a message arrives?',
    };
  }
  const feeder = duties.findLast((duty) => template.feeds?.some(({ from }) => from === duty.template.id));
  const previous = duties.at(-1);
  const trigger = feeder?.trigger ?? own.trigger ?? readingTrigger(found) ?? inherited(previous, own.isSequel, statement);
  const twin = duties.find((duty) => isSame(duty, found, trigger));
  if (twin) {
    twin.sentences = [...new Set([...twin.sentences, statement.text])];
    return undefined;
  }
  if (duties.length >= MAX_DUTIES)
    return {
      sentence: statement.text,
      reason: `An employee has ${MAX_DUTIES} duties at most.`,
      question: 'Can this be a second employee?',
    };
  const follows = feeder ?? (previous && isSequelOf(previous, found, own.isSequel, trigger) ? previous : undefined);
  duties.push({
    id: nodeId(template.id, duties),
    template,
    slots: filled.values,
    said: filled.said,
    block: statement.block,
    sentences: [...new Set([...(found.reading ? [found.reading.sentence] : []), statement.text])],
    score: candidate.score,
    ...(found.runnerUp && { runnerUp: { template: found.runnerUp.template.id, score: found.runnerUp.score } }),
    trigger,
    ...(own.also && own.also.length > 0 && trigger === own.trigger && { also: own.also }),
    after: follows ? [follows.id] : [],
  });
  return undefined;
}

/** A skill that answers messages is started by them, unless what goes before in the text already says by what. */
function isEventDuty({ candidate, statement, event }: NewDuty, duties: Duty[]): boolean {
  const previous = duties.at(-1);
  const follows =
    previous !== undefined &&
    previous.trigger.type !== 'direct_command' &&
    previous.block === statement.block &&
    event === 'none';
  return candidate.template.event !== undefined && !follows;
}

function readingTrigger(found: NewDuty): TriggerProposal | undefined {
  return found.reading && found.reading.sentence !== found.statement.text
    ? triggerOf(found.reading.sentence, undefined, found.timezone, false).trigger
    : undefined;
}

function inherited(previous: Duty | undefined, isSequel: boolean, statement: Statement): TriggerProposal {
  const mayInherit =
    previous !== undefined &&
    (isSequel ||
      !statement.isListItem ||
      (previous.block === statement.block && statement.isNumbered === true) ||
      isSequelItem(previous, statement));
  return mayInherit ? previous.trigger : { type: 'direct_command', sentence: statement.text };
}

/** An item that only says what becomes of the item before: "Post a summary in #a", "Label it". */
function isSequelItem(previous: Duty, statement: Statement): boolean {
  return (
    previous.block === statement.block &&
    /\b(?:it|them|the (?:list|summary|result|mail|e-?mail|customer|invoice|order|message|question)|a (?:short )?summary|this|these|those)\b/i.test(
      statement.text,
    )
  );
}

/** Clauses of one sentence follow one another, and so does a sentence that begins with "then". */
function isSequelOf(previous: Duty, found: NewDuty, isSequel: boolean, trigger: TriggerProposal): boolean {
  if (canonicalHash(previous.trigger) !== canonicalHash(trigger)) return false;
  return (
    isSequel ||
    previous.sentences.includes(found.statement.text) ||
    (trigger.type !== 'direct_command' && previous.block === found.statement.block)
  );
}

function isSame(duty: Duty, found: NewDuty, trigger: TriggerProposal): boolean {
  const { template, filled } = found.candidate;
  const samePlace = duty.slots['target'] === filled.values['target'] && duty.slots['person'] === filled.values['person'];
  return duty.template.id === template.id && samePlace && triggerKey(duty.trigger) === triggerKey(trigger);
}

/** Duties with the same key start together. */
export function triggerKey(trigger: TriggerProposal): string {
  if (trigger.type === 'schedule') return `schedule ${trigger.cron} ${trigger.timezone ?? ''} ${trigger.only_on ?? ''}`;
  return trigger.type === 'external_event' ? `event ${trigger.source} ${trigger.about}` : 'direct_command';
}

function nodeId(base: string, duties: Duty[]): string {
  const count = duties.filter(({ template }) => template.id === base).length;
  return count === 0 ? base : `${base}_${count + 1}`;
}
