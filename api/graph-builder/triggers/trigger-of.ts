import type { TriggerProposal } from '../../../contracts/employee-graph.ts';
import { findSchedule } from './schedule.ts';

/** A condition that only says "after the previous duty": no event from outside. */
const AFTER_PREVIOUS =
  /^(?:when(?:ever)?|once|as soon as|if)\b.{0,60}\b(?:posted|done|finished|ready|published|sent|out|over|complete[d]?|covered|through)\b/i;
/** A condition about there being nothing to do. */
export const EMPTY_CASE = /\b(?:nothing|no (?:new )?(?:messages?|posts?|one|questions?)|nobody|empty|quiet)\b/i;

export interface SentenceTrigger {
  trigger?: TriggerProposal;
  /** The sentence states a time that five cron fields cannot say. */
  isUnfitting: boolean;
  /** The sentence follows the one before it. */
  isSequel: boolean;
}

/** What starts the duties of a sentence: an event by its condition, else a schedule by its times. */
export function triggerOf(
  sentence: string,
  condition: string | undefined,
  timezone: string | null,
  isEventDuty: boolean,
): SentenceTrigger {
  const isSequel =
    /^(?:and |then\b|after(?:wards|\s+(?:that|posting|you))|when(?:ever)? (?:you(?:'ve| have)?|it|that)|once (?:you(?:'ve| have)?|it|that|the)|also\b|finally\b)/i.test(
      sentence,
    );
  if (condition !== undefined && !AFTER_PREVIOUS.test(condition) && !EMPTY_CASE.test(condition) && !findSchedule(condition)) {
    return {
      trigger: { type: 'external_event', source: 'slack', about: aboutOf(condition), sentence },
      isUnfitting: false,
      isSequel: false,
    };
  }
  const schedule = findSchedule(sentence);
  if (schedule === 'unfitting') return { isUnfitting: true, isSequel };
  if (schedule) {
    return {
      trigger: { type: 'schedule', cron: schedule.cron, timezone, time_given: schedule.timeGiven, sentence },
      isUnfitting: false,
      isSequel,
    };
  }
  if (isEventDuty)
    return {
      trigger: { type: 'external_event', source: 'slack', about: aboutOf(sentence), sentence },
      isUnfitting: false,
      isSequel: false,
    };
  return { isUnfitting: false, isSequel };
}

function aboutOf(condition: string): string {
  return condition.replace(/^(?:when(?:ever)?|if|as soon as|each time|every time|once)\s+/i, '').slice(0, 200);
}
