import { wordsOf } from '../compose/literals.ts';
import type { Catalogue } from '../../../contracts/capability.ts';
import type { SkillTemplate } from '../templates/template.ts';
import { splitClauses, type Clauses } from '../text/clauses.ts';
import type { Statement } from '../text/statements.ts';
import { EMPTY_CASE } from '../triggers/trigger-of.ts';
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
  /** What only the manager knows about duties that were understood. */
  open: NotUnderstood[];
  /** The last event that was spoken of: "the question" of the next sentence is its question. */
  event?: { block: number; condition: string };
}

interface Attempt {
  statement: Statement;
  at: number;
  /** When it is to be done: said in the sentence, or in the one before. */
  condition: string | undefined;
  clause: string;
}

/** Matches duty sentences to templates, in order; each clause ends as a duty, as something to read, or as a report. */
export function recogniseDuties(statements: Statement[], options: RecogniseOptions): Recognised {
  const session: Session = {
    ...options,
    compiled: compileTemplates(options.templates),
    readings: keepReadings(statements),
    duties: [],
    open: [],
  };
  const notUnderstood = statements.flatMap((statement, at) => recogniseStatement(session, statement, at));
  return { duties: session.duties, notUnderstood: [...notUnderstood, ...session.open, ...session.readings.unused()] };
}

function recogniseStatement(session: Session, statement: Statement, at: number): NotUnderstood[] {
  const clauses = splitClauses(statement.text);
  const blocked = clauses.condition === undefined ? undefined : missingProvider(clauses.condition, session.catalogue);
  if (blocked !== undefined) return [{ sentence: statement.text, reason: blocked }];
  if (repeatsEmptyCase(session, statement, clauses)) return [];
  const attempt = { statement, at, condition: clauses.condition, clause: statement.text };
  if (tryWhole(session, attempt)) return [];
  const failures = clauses.clauses.map((clause) =>
    tryClause(session, { ...attempt, condition: conditionFor(session, statement, clauses), clause }),
  );
  return summarise(statement.text, failures);
}

/** "If nothing is new, still post a line": the digest does that anyway. */
function repeatsEmptyCase(session: Session, statement: Statement, { condition, clauses }: Clauses): boolean {
  const last = session.duties.at(-1);
  const isDigest = last?.template.id === 'channel_digest' || last?.template.id === 'channel_summary_dm';
  if (
    !last ||
    !isDigest ||
    condition === undefined ||
    !EMPTY_CASE.test(condition) ||
    !/\b(?:still|one line|a line|say so|saying so)\b/i.test(clauses.join(' '))
  )
    return false;
  last.sentences.push(statement.text);
  return true;
}

function conditionFor(session: Session, statement: Statement, { condition }: Clauses): string | undefined {
  if (condition !== undefined) session.event = { block: statement.block, condition };
  const refersBack = /\b(?:the|that|this|their) (?:question|message|request|post|thread)\b/i.test(statement.text);
  return condition ?? (refersBack && session.event?.block === statement.block ? session.event.condition : undefined);
}

/** One report for a sentence of which nothing was understood; otherwise one per clause. */
function summarise(sentence: string, outcomes: (NotUnderstood | undefined)[]): NotUnderstood[] {
  const failed = outcomes.filter((outcome) => outcome !== undefined);
  const [first] = failed;
  if (first === undefined || failed.length < outcomes.length) return failed;
  const best =
    failed.find(({ reason }) => reason.includes('not connected')) ??
    failed.find(({ reason }) => reason.includes('needs to know')) ??
    first;
  return [{ ...best, sentence }];
}

/** Templates that describe a whole sentence, such as a welcome of two steps, go before its clauses. */
function tryWhole(session: Session, attempt: Attempt): boolean {
  if (missingProvider(attempt.clause, session.catalogue) !== undefined) return false;
  const best = candidatesFor(session, attempt).find(({ template }) => template.wholeSentence === true);
  return best !== undefined && best.filled.missing.length === 0 && accept(session, attempt, best, undefined) === undefined;
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
  if (lacksReason !== undefined && isLikely(best)) return { sentence, ...lacksReason };
  const hint = missingProvider(attempt.clause, session.catalogue, true);
  return hint === undefined
    ? { sentence, reason: 'No skill of the catalogue does this.', question: 'Who should do this, or can it be left out?' }
    : { sentence, reason: hint };
}

function candidatesFor(session: Session, attempt: Attempt): Candidate[] {
  const reading = session.readings.near(attempt.at);
  const earlier = session.duties.map(({ template, slots }) => ({ template: template.id, slots }));
  const { condition } = attempt;
  const around = {
    clause: attempt.clause,
    sentence: attempt.statement.text,
    ...(condition !== undefined && { condition }),
    ...(reading && { reading }),
    earlier,
  };
  const ranked = matchClause(session.compiled, around);
  return ranked.sort(
    (one, other) => Number(whatIsMissing(session, one) !== undefined) - Number(whatIsMissing(session, other) !== undefined),
  );
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
    condition: attempt.condition,
    clause: attempt.clause,
    candidate: best,
    runnerUp: next,
    reading,
    timezone: session.timezone,
  });
  if (failure) return failure;
  if (reading) session.readings.use(reading);
  if (best.template.slots.some(({ kind }) => kind === 'source_channels')) session.readings.useOf(attempt.statement.text);
  for (const { name, question } of best.filled.asked) {
    session.open.push({
      sentence: attempt.statement.text,
      reason: `Understood, but its words are not given; until they are it says: ${wordsOf(best.filled.values[name] ?? '')}`,
      question,
    });
  }
  return undefined;
}

/** A template that only shares a common verb with the clause is no reason to ask for its slots. */
function isLikely(candidate: Candidate | undefined): boolean {
  return candidate !== undefined && (candidate.filled.said.length > 0 || candidate.score >= 0.57);
}
