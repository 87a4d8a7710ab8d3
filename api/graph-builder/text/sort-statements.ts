import { isApproval, isLimit } from '../limits/read-limit.ts';
import type { NotUnderstood } from '../match/duty.ts';
import { isBoilerplate } from './boilerplate.ts';
import { isBuilderCommand } from './builder-commands.ts';
import { splitClauses, startsDuty } from './clauses.ts';
import { splitParts } from './parts.ts';
import { SECRET_REMOVED } from '../checker/secrets.ts';
import type { Statement } from './statements.ts';

/** "have Ana approve each one before it is sent out": the sending is a duty. */
const IMPLIED_DUTY =
  /\bbefore ((?:it|they|each|every)\b[^,.;]{0,30}\b(?:is|are|gets?)\s+(?:sent|posted|mailed|e-?mailed|booked|recorded|entered|published|created)\b[^,.;]*)/i;
/** Longest sentence that is read, in characters: what people write, with room to spare. */
export const MAX_SENTENCE_LENGTH = 1_000;

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
  for (const text of splitParts(statement.text).flatMap(splitApproval)) {
    const part = { ...statement, text };
    if (statement.section === 'limits' || isLimit(text)) {
      sorted.limits.push(part);
      const implied = isApproval(text) ? IMPLIED_DUTY.exec(text)?.[1] : undefined;
      if (implied !== undefined && statement.section !== 'limits') sorted.duties.push({ ...statement, text: implied });
    } else if (text.split(/\s+/).length >= 2) sorted.duties.push(part);
  }
}

/** "Post the list and have Ana approve it first" is a duty and a limit: what comes before the first limiting clause is the duty. */
function splitApproval(text: string): string[] {
  const limit = isApproval(text) ? splitClauses(text).clauses.find((clause) => isLimit(clause)) : undefined;
  const start = limit === undefined ? 0 : text.indexOf(limit);
  if (start <= 0 || !/\b\p{L}+\s+\p{L}+/u.test(text.slice(0, start))) return [text];
  return [text.slice(0, start).replace(/[\s,;:]*(?:\band\s*)?[\s,;:]*$/i, ''), text.slice(start)];
}

function refusalOf(text: string): NotUnderstood | undefined {
  if (text.length > MAX_SENTENCE_LENGTH) {
    return {
      sentence: `${text.slice(0, 200)}…`,
      reason: 'This sentence is too long to be read with care.',
      question: 'Can it be said in several sentences?',
    };
  }
  if (isBuilderCommand(text)) {
    return {
      sentence: text,
      reason: 'This asks for rights or approvals. A description gives neither: a manager sees grants and policy at activation.',
    };
  }
  if (!text.includes(SECRET_REMOVED)) return undefined;
  return {
    sentence: text,
    reason: 'This held a secret, which was removed.',
    question: 'Which account is meant? Connect it instead of writing its secret down.',
  };
}

/** "Mail desk" and "Post room assistant" name a job, though they begin like an order. */
const ROLE =
  /^(?:\p{L}[\p{L}&/'-]*\s+){1,4}(?:desk|clerk|assistant|helper|host|room|office|officer|keeper|manager|coordinator|co-ordinator|agent|team|bot|buddy|handler|support|runner|operator|specialist|secretary|concierge|dispatcher|librarian|sorter|responder|monitor|watcher|reviewer|editor|analyst|administrator|associate|lead|help)\s*(?:\([^)]*\))?$/iu;

/** A line that names the job instead of ordering something. */
function isTitle(text: string): boolean {
  if (ROLE.test(text) && !/\b(?:the|an?|our|my|your|to|in|for|with|each|every|all)\b/i.test(text)) return true;
  return (
    text.split(/\s+/).length <= (/[.!]$/.test(text) ? 7 : 16) &&
    !/\S@/.test(text) &&
    !/^(?:we|I|I'm|you) /i.test(text) &&
    (!startsDuty(text) || /^\p{Lu}\p{L}+(?: \p{L}+){0,2}$/u.test(text)) &&
    !/#\p{L}/u.test(text) &&
    !/\b(?:you|please|every|each|when|whenever|if|once|must|should)\b/i.test(text) &&
    !isLimit(text)
  );
}
