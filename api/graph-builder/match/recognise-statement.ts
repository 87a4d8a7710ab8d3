import { findMailbox } from '../slots/mail.ts';
import { splitClauses, type Clauses } from '../text/clauses.ts';
import type { Statement } from '../text/statements.ts';
import { findSchedule } from '../triggers/schedule.ts';
import { backgroundEvent, eventOf, type EventFound, type EventSurroundings } from '../triggers/event-of.ts';
import { EMPTY_CASE } from '../triggers/trigger-of.ts';
import { addAtomic } from './add-atomic.ts';
import { readDoings } from './doings.ts';
import { readAsked, thingsOf, withAnswer, type ClauseAsked } from './asked.ts';
import type { NotUnderstood } from './duty.ts';
import { missingProvider } from './providers.ts';
import type { Attempt, Session } from './session.ts';
import { tryClause, tryWhole } from './try-clause.ts';

/** Reads one sentence: its event, its clauses, and the skills that do what they ask for. Answers what is left over. */
export function recogniseStatement(session: Session, statement: Statement, at: number): NotUnderstood[] {
  const clauses = splitClauses(statement.text);
  const blocked = clauses.condition === undefined ? undefined : missingProvider(clauses.condition, session.catalogue);
  if (blocked !== undefined) return [{ sentence: statement.text, reason: blocked }];
  if (repeatsEmptyCase(session, statement, clauses)) return [];
  session.mailbox = findMailbox(statement.text) ?? (isSameText(session, statement) ? session.mailbox : undefined) ?? '';
  const condition = conditionFor(session, statement, clauses);
  const found = eventFor(session, statement, clauses, condition);
  const source = (found ?? eventOfPrevious(session, statement))?.source;
  const read = readAsked(clauses.clauses, statement.text, {
    catalogue: session.catalogue,
    description: session.description,
    event: source,
    antecedents: antecedentsFor(session, statement, clauses),
  });
  const asked = withAnswer(read, condition, source);
  if (asked.every(({ isBackground }) => isBackground))
    session.antecedents = thingsOf(readDoings(`check ${statement.text}`)) ?? session.antecedents;
  session.antecedents = thingsOf(asked.flatMap(({ doings }) => doings)) ?? session.antecedents;
  if (found === undefined && condition === undefined && asked.every(({ needs }) => needs.length === 0))
    keepBackground(session, statement);
  const attempt: Attempt = { statement, at, condition, event: found ?? 'none', clause: statement.text };
  if (tryWhole(session, attempt, asked)) return [];
  const known = session.duties.length;
  let event = attempt.event;
  const failures = asked.map((one) => {
    const own =
      clauses.condition === undefined && asked.length > 1
        ? eventOf(one.clause, undefined, aroundOf(session, statement))
        : undefined;
    event = own ?? event;
    return one.isBackground ? undefined : tryClause(session, { ...attempt, event, clause: one.clause }, one, asked);
  });
  const left = addAtomic(session, attempt, asked, session.duties.slice(known));
  return summarise(
    statement.text,
    failures.map((failure, index) =>
      left.met.has(asked[index]!) && failure?.question === undefined
        ? undefined
        : left.met.has(asked[index]!)
          ? left.ask(failure)
          : failure,
    ),
  );
}

/** "If nothing is new, still post a line": the digest does that anyway. */
function repeatsEmptyCase(session: Session, statement: Statement, { condition, clauses }: Clauses): boolean {
  const last = session.duties.at(-1);
  if (
    !last ||
    condition === undefined ||
    !EMPTY_CASE.test(condition) ||
    !/\b(?:still|one line|a line|say so|saying so|one-liner|anyway|just say|tell me|let me know)\b/i.test(clauses.join(' '))
  )
    return false;
  last.sentences.push(statement.text);
  return true;
}

function conditionFor(session: Session, statement: Statement, { condition }: Clauses): string | undefined {
  const refersBack =
    /\b(?:the|that|this|their) (?:question|message|request|post|thread|mail|e-?mail|sender|customer|order)\b/i.test(
      statement.text,
    );
  return condition ?? (refersBack && session.event?.block === statement.block ? session.event.condition : undefined);
}

function eventFor(
  session: Session,
  statement: Statement,
  clauses: Clauses,
  condition: string | undefined,
): EventFound | undefined {
  if (clauses.condition === undefined && condition !== undefined) return session.event?.found;
  const found = eventOf(statement.text, clauses.condition, {
    catalogue: session.catalogue,
    previous: isSameText(session, statement) ? session.previous?.text : undefined,
    mailbox: session.mailbox === '' ? undefined : session.mailbox,
  });
  const known = session.event;
  if (
    clauses.condition === undefined &&
    !found &&
    known?.isBackground === true &&
    known.block === statement.block &&
    !findSchedule(statement.text)
  )
    return known.found;
  // A case of the event that is already spoken of is no event of its own.
  const isCase =
    /^(?:and\s+|but\s+)?if\b/i.test(clauses.condition ?? '') &&
    known?.block === statement.block &&
    known.found?.source === found?.source;
  if (isCase) return known?.found;
  if (clauses.condition !== undefined || found)
    session.event = { block: statement.block, condition: clauses.condition ?? found?.about ?? '', found };
  return found;
}

/** What goes on without the employee, and starts what the next sentences ask for. */
function keepBackground(session: Session, statement: Statement): void {
  const found = backgroundEvent(statement.text, {
    catalogue: session.catalogue,
    previous: undefined,
    mailbox: session.mailbox === '' ? undefined : session.mailbox,
  });
  if (found) session.event = { block: statement.block, condition: statement.text, found, isBackground: true };
}

function eventOfPrevious(session: Session, statement: Statement): EventFound | undefined {
  return session.event && session.event.block === statement.block ? session.event.found : undefined;
}

function antecedentsFor(
  session: Session,
  statement: Statement,
  { condition }: Clauses,
): ClauseAsked['needs'][number]['doing']['objects'][number]['things'] {
  const own = condition === undefined ? undefined : thingsIn(condition);
  return own ?? (isSameText(session, statement) ? session.antecedents : []);
}

function thingsIn(condition: string): ReturnType<typeof thingsOf> {
  const [read] = readAsked([`check ${condition.replace(/^(?:and\s+)?\S+\s+/, '')}`], condition, {
    catalogue: { providers: [] },
    description: condition,
    event: undefined,
    antecedents: [],
  });
  return read ? thingsOf(read.doings) : undefined;
}

function aroundOf(session: Session, statement: Statement): EventSurroundings {
  return {
    catalogue: session.catalogue,
    previous: isSameText(session, statement) ? session.previous?.text : undefined,
    mailbox: session.mailbox === '' ? undefined : session.mailbox,
  };
}

function isSameText(session: Session, statement: Statement): boolean {
  return session.previous !== undefined && session.previous.block === statement.block;
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
