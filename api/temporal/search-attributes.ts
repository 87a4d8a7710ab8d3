import type { Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';

/** Ids only: search attributes are never encrypted. `WaitingOn` stands on the workflow that waits. */
export const SEARCH_ATTRIBUTES = {
  orgId: defineSearchAttributeKey('OrgId', 'KEYWORD'),
  employeeId: defineSearchAttributeKey('EmployeeId', 'KEYWORD'),
  triggerType: defineSearchAttributeKey('TriggerType', 'KEYWORD'),
  runStatus: defineSearchAttributeKey('RunStatus', 'KEYWORD'),
  skillId: defineSearchAttributeKey('SkillId', 'KEYWORD'),
  scheduleId: defineSearchAttributeKey('ScheduleId', 'KEYWORD'),
  waitingOn: defineSearchAttributeKey('WaitingOn', 'KEYWORD_LIST'),
  employeeVersion: defineSearchAttributeKey('EmployeeVersion', 'INT'),
} as const;

/** `IndexedValueType` of the API by our words. */
const TYPES = { KEYWORD: 2, INT: 3, KEYWORD_LIST: 7 } as const;
const CLI_WORDS = { KEYWORD: 'Keyword', INT: 'Int', KEYWORD_LIST: 'KeywordList' } as const;

/**
 * Checks that the namespace knows every attribute, with the type we write.
 * @throws Error naming those that are missing, with the command that adds them.
 */
export async function checkSearchAttributes(connection: Pick<Connection, 'operatorService'>, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter(({ name, type }) => Number(customAttributes[name]) !== TYPES[type]);
  if (missing.length === 0) return;
  const flags = missing.map(({ name, type }) => `--name ${name} --type ${CLI_WORDS[type]}`).join(' ');
  throw new Error(
    `The Temporal namespace ${namespace} lacks search attributes: ${missing.map(({ name }) => name).join(', ')}. ` +
      `Add them with: temporal operator search-attribute create --namespace ${namespace} ${flags}`,
  );
}
