import { isLimit } from '../limits/read-limit.ts';
import type { NotUnderstood } from '../match/duty.ts';
import { isBoilerplate } from './boilerplate.ts';
import { isBuilderCommand } from './builder-commands.ts';
import { startsDuty } from './clauses.ts';
import { splitParts } from './parts.ts';
import { SECRET_REMOVED } from '../checker/secrets.ts';
import type { Statement } from './statements.ts';

export interface SortedStatements {
  title?: string;
  duties: Statement[];
  limits: Statement[];
  /** Sentences that try to give rights or approvals, or that held a secret: reported, never followed. */
  commands: NotUnderstood[];
}

/** Tells duties from limits, boilerplate and commands to the builder, each exactly once. */
export function sortStatements(statements: Statement[]): SortedStatements {
  const sorted: SortedStatements = { duties: [], limits: [], commands: [] };
  for (const statement of statements) {
    const refused = refusalOf(statement.text);
    if (refused) sorted.commands.push(refused);
    else if (statement.isTitle && isTitle(statement.text)) sorted.title = statement.text;
    else if (statement.section !== 'boilerplate' && !isBoilerplate(statement.text)) sortParts(statement, sorted);
  }
  return sorted;
}

function sortParts(statement: Statement, sorted: SortedStatements): void {
  for (const text of splitParts(statement.text)) {
    const part = { ...statement, text };
    if (statement.section === 'limits' || isLimit(text)) sorted.limits.push(part);
    else if (text.split(/\s+/).length >= 2) sorted.duties.push(part);
  }
}

function refusalOf(text: string): NotUnderstood | undefined {
  if (isBuilderCommand(text)) {
    return { sentence: text, reason: 'This asks for rights or approvals. A description gives neither: a manager sees grants and policy at activation.' };
  }
  if (!text.includes(SECRET_REMOVED)) return undefined;
  return { sentence: text, reason: 'This held a secret, which was removed.', question: 'Which account is meant? Connect it instead of writing its secret down.' };
}

/** A line that names the job instead of ordering something. */
function isTitle(text: string): boolean {
  return text.split(/\s+/).length <= 16 && !startsDuty(text) && !/#\p{L}/u.test(text) && !/\b(?:you|please|every|each|when|must|should)\b/i.test(text) && !isLimit(text);
}
