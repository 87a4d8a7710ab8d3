import type { TriggerProposal } from '../../../contracts/employee-graph.ts';
import { internalEventsOf } from './internal-events.ts';
import type { EventFound } from './event-of.ts';
import { findSchedule, findSchedules, type ScheduleFound } from './schedule.ts';

/** A condition that only says "after the previous duty": no event from outside. */
const AFTER_PREVIOUS =
  /^(?:when(?:ever)?|once|as soon as|if)\b.{0,60}\b(?:posted|done|finished|ready|published|sent|out|over|complete[d]?|covered|through)\b/i;
/** A condition about there being nothing to do. */
export const EMPTY_CASE = /\b(?:nothing|no (?:new )?(?:messages?|posts?|one|questions?)|nobody|empty|quiet)\b/i;

/** Of which part of a sentence the trigger is wanted, and what went before. */
export interface SentencePart {
  clause?: string;
  /** The provider whose events a skill answers. */
  source?: string;
  /** Day fields of the schedule before, for a sentence that names only a time. */
  days?: string;
}

export interface SentenceTrigger {
  trigger?: TriggerProposal;
  /** Further times of the same sentence that one cron expression cannot hold. */
  also?: TriggerProposal[];
  /** The sentence follows the one before it. */
  isSequel: boolean;
}

/**
 * What starts the duties of a sentence: its event, else a schedule by its times. `event` is what was read of it before; absent,
 * every condition is one of Slack.
 */
export function triggerOf(
  sentence: string,
  condition: string | undefined,
  timezone: string | null,
  isEventDuty: boolean,
  event?: EventFound | 'none',
  part: SentencePart = {},
): SentenceTrigger {
  const isSequel =
    /^(?:and |then\b|after(?:wards|\s+(?:that|posting|you))|when(?:ever)? (?:you(?:'ve| have)?|it|that)|once (?:you(?:'ve| have)?|it|that|the)|also\b|finally\b)/i.test(
      sentence,
    );
  if (condition !== undefined && internalEventsOf(condition).length > 0) {
    return {
      trigger: { type: 'external_event', source: 'clancy', about: aboutOf(condition), sentence },
      isSequel: false,
    };
  }
  if (event !== undefined && event !== 'none') {
    return { trigger: { type: 'external_event', ...event, sentence }, isSequel: false };
  }
  if (
    event === undefined &&
    condition !== undefined &&
    !AFTER_PREVIOUS.test(condition) &&
    !EMPTY_CASE.test(condition) &&
    !findSchedule(condition)
  ) {
    return {
      trigger: { type: 'external_event', source: 'slack', about: aboutOf(condition), sentence },
      isSequel: false,
    };
  }
  const [schedule, ...others] = schedulesOf(sentence, part);
  if (schedule) {
    const also = others.map((one) => scheduleTrigger(one, sentence, timezone));
    return { trigger: scheduleTrigger(schedule, sentence, timezone), also, isSequel };
  }
  if (isEventDuty)
    return {
      trigger: { type: 'external_event', source: part.source ?? 'slack', about: aboutOf(sentence), sentence },
      isSequel: false,
    };
  return { isSequel };
}

/** A clause's own times; else those said before it in the sentence; else the sentence's. */
function schedulesOf(sentence: string, { clause, days }: SentencePart): ScheduleFound[] {
  const end = clause === undefined ? -1 : sentence.indexOf(clause);
  const texts = clause === undefined || end < 0 ? [sentence] : [clause, sentence.slice(0, end + clause.length), sentence];
  for (const text of texts) {
    const found = findSchedules(text, days);
    if (found.length > 0) return found;
  }
  return [];
}

export function scheduleTrigger(schedule: ScheduleFound, sentence: string, timezone: string | null): TriggerProposal {
  const { cron, timeGiven, rule } = schedule;
  return { type: 'schedule', cron, timezone, time_given: timeGiven, ...(rule && { only_on: rule }), sentence };
}

function aboutOf(condition: string): string {
  return condition.replace(/^(?:when(?:ever)?|if|as soon as|each time|every time|once)\s+/i, '').slice(0, 200);
}
