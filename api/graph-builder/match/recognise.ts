import type { Catalogue } from '../../../contracts/capability.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { SkillTemplate } from '../templates/template.ts';
import { splitClauses, type Clauses } from '../text/clauses.ts';
import type { Statement } from '../text/statements.ts';
import { addDuty } from './add-duty.ts';
import type { Duty, NotUnderstood } from './duty.ts';
import { compileTemplates, matchClause, type Candidate, type CompiledTemplate } from './match-clause.ts';
import { missingProvider } from './providers.ts';
import { keepReadings, readingOf, type ReadingBook } from './readings.ts';

export interface Recognised {
  duties: Duty[];
  notUnderstood: NotUnderstood[];
}

export interface RecogniseOptions {
  templates: SkillTemplate[];
  catalogue: Catalogue;
  timezone: string | null;
}

interface Session extends RecogniseOptions {
  compiled: CompiledTemplate[];
  readings: ReadingBook;
  duties: Duty[];
}

interface Attempt {
  statement: Statement;
  at: number;
  clauses: Clauses;
  clause: string;
}

/** Matches duty sentences to templates, in order; each clause ends as a duty, as something to read, or as a report. */
export function recogniseDuties(statements: Statement[], options: RecogniseOptions): Recognised {
  const session = { ...options, compiled: compileTemplates(options.templates), readings: keepReadings(statements), duties: [] };
  const notUnderstood = statements.flatMap((statement, at) => recogniseStatement(session, statement, at));
  return { duties: session.duties, notUnderstood: [...notUnderstood, ...session.readings.unused()] };
}

function recogniseStatement(session: Session, statement: Statement, at: number): NotUnderstood[] {
  const clauses = splitClauses(statement.text);
  const blocked = clauses.condition === undefined ? undefined : missingProvider(clauses.condition, session.catalogue);
  if (blocked !== undefined) return [{ sentence: statement.text, reason: blocked }];
  const whole = tryWhole(session, { statement, at, clauses, clause: statement.text });
  if (whole) return whole;
  const failures = clauses.clauses.map((clause) => tryClause(session, { statement, at, clauses, clause }));
  const failed = failures.filter((failure) => failure !== undefined);
  if (failed.length < failures.length || failed.length === 1) return failed.map((failure) => (failures.length === 1 ? { ...failure, sentence: statement.text } : failure));
  const reason = failed.find(({ question }) => question !== undefined) ?? failed[0]!;
  return [{ ...reason, sentence: statement.text }];
}

/** Templates that describe a whole sentence, such as a welcome of two steps, go before its clauses. */
function tryWhole(session: Session, attempt: Attempt): NotUnderstood[] | undefined {
  const best = candidatesFor(session, attempt).find(({ template }) => template.wholeSentence === true);
  if (!best || best.filled.missing.length > 0) return undefined;
  const failure = accept(session, attempt, best, undefined);
  return failure ? [failure] : [];
}

/** Undefined = understood. */
function tryClause(session: Session, attempt: Attempt): NotUnderstood | undefined {
  const sentence = attempt.clause;
  const blocked = missingProvider(attempt.clause, session.catalogue);
  if (blocked !== undefined) return { sentence, reason: blocked };
  const candidates = candidatesFor(session, attempt).filter(({ template }) => template.wholeSentence !== true);
  const [best, next] = candidates;
  const lacksReason = best && whatIsMissing(session, best);
  if (best && lacksReason === undefined) return accept(session, attempt, best, next);
  if (readingOf(attempt.clause, attempt.statement.text)) return undefined;
  if (lacksReason !== undefined) return { sentence, ...lacksReason };
  const hint = missingProvider(attempt.clause, session.catalogue, true);
  return hint === undefined
    ? { sentence, reason: 'No skill of the catalogue does this.', question: 'Who should do this, or can it be left out?' }
    : { sentence, reason: hint };
}

function candidatesFor(session: Session, attempt: Attempt): Candidate[] {
  const reading = session.readings.near(attempt.at);
  const earlier: JsonObject = Object.assign({}, ...session.duties.map(({ slots }) => slots));
  const around = { clause: attempt.clause, sentence: attempt.statement.text, ...(reading && { reading }), earlier };
  const ranked = matchClause(session.compiled, around);
  return ranked.sort((one, other) => Number(whatIsMissing(session, one) !== undefined) - Number(whatIsMissing(session, other) !== undefined));
}

function whatIsMissing(session: Session, { template, filled }: Candidate): Omit<NotUnderstood, 'sentence'> | undefined {
  const [slot] = filled.missing;
  if (slot) return { reason: `"${template.title.replace(/\s*\S*\{.*$/, '')}" needs to know more.`, question: slot.question };
  if (template.feeds && !template.feeds.some(({ from }) => session.duties.some((duty) => duty.template.id === from))) {
    return { reason: 'No earlier duty says which messages are meant.', question: 'Which messages is this about?' };
  }
  return undefined;
}

function accept(session: Session, attempt: Attempt, best: Candidate, next: Candidate | undefined): NotUnderstood | undefined {
  const reading = best.filled.usedReading ? session.readings.near(attempt.at) : undefined;
  const failure = addDuty(session.duties, {
    statement: attempt.statement,
    condition: attempt.clauses.condition,
    clause: attempt.clause,
    candidate: best,
    runnerUp: next,
    reading,
    timezone: session.timezone,
  });
  if (!failure && reading) session.readings.use(reading);
  return failure;
}
