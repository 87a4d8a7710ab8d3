import { defineSearchAttributeKey } from '@temporalio/common';
import type { SearchAttributeType } from '@temporalio/common';

/** What operators can search runs by: ids only, for search attributes are never encrypted. */
export const searchAttributes = [
  defineSearchAttributeKey('OrgId', 'KEYWORD'),
  defineSearchAttributeKey('EmployeeId', 'KEYWORD'),
  defineSearchAttributeKey('TriggerType', 'KEYWORD'),
  defineSearchAttributeKey('RunStatus', 'KEYWORD'),
  defineSearchAttributeKey('SkillId', 'KEYWORD'),
  defineSearchAttributeKey('ScheduleId', 'KEYWORD'),
  defineSearchAttributeKey('WaitingOn', 'KEYWORD_LIST'),
  defineSearchAttributeKey('EmployeeVersion', 'INT'),
] as const;

/** The CLI's words for the types, see `temporal server start-dev --help`. */
export const cliTypes = {
  TEXT: 'Text',
  KEYWORD: 'Keyword',
  INT: 'Int',
  DOUBLE: 'Double',
  BOOL: 'Bool',
  DATETIME: 'Datetime',
  KEYWORD_LIST: 'KeywordList',
} as const satisfies Record<SearchAttributeType, string>;
