import type { TriggerProposal } from '../../../contracts/employee-graph.ts';
import { canonicalHash } from '../../../contracts/digest.ts';
import type { Statement } from '../text/statements.ts';
import { triggerOf } from '../triggers/trigger-of.ts';
import type { Duty, NotUnderstood } from './duty.ts';
import type { Reading } from './fill-slots.ts';
import type { Candidate } from './match-clause.ts';

/** Most duties of one employee; what comes after is reported. */
const MAX_DUTIES = 20;

export interface NewDuty {
  statement: Statement;
  condition: string | undefined;
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
  const own = triggerOf(statement.text, found.condition, found.timezone, template.event !== undefined);
  if (own.isUnfitting) {
    return {
      sentence: statement.text,
      reason: 'This day does not fit into a schedule of five fields.',
      question: 'On which weekday or day of the month should it happen?',
    };
  }
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
    sentences: [...new Set([...(found.reading ? [found.reading.sentence] : []), statement.text])],
    score: candidate.score,
    ...(found.runnerUp && { runnerUp: { template: found.runnerUp.template.id, score: found.runnerUp.score } }),
    trigger,
    after: follows ? [follows.id] : [],
  });
  return undefined;
}

function readingTrigger(found: NewDuty): TriggerProposal | undefined {
  return found.reading && found.reading.sentence !== found.statement.text
    ? triggerOf(found.reading.sentence, undefined, found.timezone, false).trigger
    : undefined;
}

function inherited(previous: Duty | undefined, isSequel: boolean, statement: Statement): TriggerProposal {
  const mayInherit = previous !== undefined && (isSequel || !statement.isListItem);
  return mayInherit ? previous.trigger : { type: 'direct_command', sentence: statement.text };
}

/** Clauses of one sentence follow one another, and so does a sentence that begins with "then". */
function isSequelOf(previous: Duty, found: NewDuty, isSequel: boolean, trigger: TriggerProposal): boolean {
  if (canonicalHash(previous.trigger) !== canonicalHash(trigger)) return false;
  return isSequel || previous.sentences.includes(found.statement.text);
}

function isSame(duty: Duty, found: NewDuty, trigger: TriggerProposal): boolean {
  const { template, filled } = found.candidate;
  const samePlace = duty.slots['target'] === filled.values['target'] && duty.slots['person'] === filled.values['person'];
  return duty.template.id === template.id && samePlace && triggerKey(duty.trigger) === triggerKey(trigger);
}

/** Duties with the same key start together. */
export function triggerKey(trigger: TriggerProposal): string {
  if (trigger.type === 'schedule') return `schedule ${trigger.cron} ${trigger.timezone ?? ''}`;
  return trigger.type === 'external_event' ? `event ${trigger.source} ${trigger.sentence}` : 'direct_command';
}

function nodeId(base: string, duties: Duty[]): string {
  const count = duties.filter(({ template }) => template.id === base).length;
  return count === 0 ? base : `${base}_${count + 1}`;
}
