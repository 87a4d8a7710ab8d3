import { compileTemplates } from './match-clause.ts';
import type { Duty, NotUnderstood } from './duty.ts';
import { keepReadings } from './readings.ts';
import { recogniseStatement } from './recognise-statement.ts';
import type { RecogniseOptions, Session } from './session.ts';
import { addPending } from './add-atomic.ts';
import type { AtomicPlan } from './atomic/atomic-template.ts';
import type { Statement } from '../text/statements.ts';

export interface Recognised {
  duties: Duty[];
  notUnderstood: NotUnderstood[];
  plans: Map<string, AtomicPlan>;
}

/** Matches duty sentences to templates, in order; each clause ends as a duty, as something to read, or as a report. */
export function recogniseDuties(statements: Statement[], options: RecogniseOptions): Recognised {
  const session: Session = {
    ...options,
    compiled: compileTemplates(options.templates),
    readings: keepReadings(statements),
    duties: [],
    open: [],
    antecedents: [],
    pending: [],
    pendingAttempts: [],
    plans: new Map(),
  };
  const notUnderstood = statements.flatMap((statement, at) => {
    const reports = recogniseStatement(session, statement, at);
    session.previous = statement;
    return reports;
  });
  addPending(session);
  return {
    duties: session.duties,
    notUnderstood: [...notUnderstood, ...session.open, ...session.readings.unused()],
    plans: session.plans,
  };
}
