import { wordsOf } from '../compose/literals.ts';
import { riskOf } from '../catalogue.ts';
import { addDuty } from './add-duty.ts';
import type { ClauseAsked } from './asked.ts';
import type { NotUnderstood } from './duty.ts';
import { matchClause, type Asked, type Candidate } from './match-clause.ts';
import type { Thing } from './lexicon/meaning.ts';
import { missingProvider } from './providers.ts';
import { readingOf } from './readings.ts';
import type { Attempt, Session } from './session.ts';

/** Templates that describe a whole sentence, such as a welcome of two steps, go before its clauses. */
export function tryWhole(session: Session, attempt: Attempt, asked: ClauseAsked[]): boolean {
  if (missingProvider(attempt.clause, session.catalogue) !== undefined || asked.every(({ isBackground }) => isBackground))
    return false;
  const needs = asked.flatMap((one) => one.needs);
  // A sentence with a second duty, which the template does not cover, is looked at clause by clause.
  const best = candidatesFor(session, attempt, undefined, asked).find(
    ({ template, filled }) =>
      template.wholeSentence === true && filled.missing.length === 0 && shareOf(needs, template, session) === 1,
  );
  return best !== undefined && accept(session, attempt, best, undefined) === undefined;
}

/** Undefined = understood. */
export function tryClause(session: Session, attempt: Attempt, own: ClauseAsked, all: ClauseAsked[]): NotUnderstood | undefined {
  const sentence = attempt.clause;
  const blocked = missingProvider(attempt.clause, session.catalogue);
  if (blocked !== undefined) return { sentence, reason: blocked };
  const candidates = candidatesFor(session, attempt, own, all).filter(({ template }) => template.wholeSentence !== true);
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

function candidatesFor(session: Session, attempt: Attempt, own: ClauseAsked | undefined, all: ClauseAsked[]): Candidate[] {
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
  const ranked = matchClause(session.compiled, around, measureOf(session, attempt, own, all)).filter(({ template }) =>
    isOfEvent(template, attempt),
  );
  const worth = (one: Candidate): number =>
    one.score - (whatIsMissing(session, one) === undefined ? 0 : 10) + (one.template.feeds ? 0.1 : 0);
  return ranked.sort((one, other) => worth(other) - worth(one));
}

/** What answers Slack's messages is no answer to a mail. */
function isOfEvent({ event }: Candidate['template'], attempt: Attempt): boolean {
  return event === undefined || attempt.event === 'none' || event.source === attempt.event.source;
}

/** A skill may write only with what the sentence needs, and read only where it, its event or an earlier duty is. */
function measureOf(session: Session, { event, statement }: Attempt, own: ClauseAsked | undefined, all: ClauseAsked[]): Asked {
  const needs = all.flatMap((one) => one.needs);
  const wanted = new Set(needs.flatMap(({ any }) => any));
  const source = event === 'none' ? undefined : event.source;
  const providers = new Set([...wanted].map((one) => one.split('/')[0]!));
  if (source !== undefined) providers.add(source);
  for (const { template } of session.duties)
    for (const node of template.graphs.flatMap(({ nodes }) => nodes))
      if (node.kind === 'capability') providers.add(node.capability.split('/')[0]!);
  for (const provider of providersSpokenOf(statement.text, all)) providers.add(provider);
  const sentence = all.flatMap((one) => one.doings);
  return {
    clause: own?.doings ?? sentence,
    sentence,
    event: source,
    isWanted: (capability) =>
      riskOf(session.catalogue, capability) === 'read' ? providers.has(capability.split('/')[0]!) : wanted.has(capability),
    shareMet: (capabilities, isWhole) =>
      shareMet(
        (isWhole || !own ? all : [own]).flatMap((one) => one.needs),
        capabilities,
      ),
  };
}

const SPOKEN: [RegExp, string][] = [
  [/#\p{L}|\bchannels?\b|\bslack\b|\bthreads?\b/iu, 'slack'],
  [/\b(?:e-?mails?|mails?|inbox|mailbox|gmail|drafts?)\b|\w@/i, 'gmail'],
  [/\b(?:quickbooks|invoices?|bills?|payments?|owes?|profit|cash|the books|donations?|receivables|payables)\b/i, 'quickbooks'],
  [/\bstripe\b/i, 'stripe'],
  [/\b(?:calendars?|meetings?|appointments?|diary)\b/i, 'calendar'],
  [
    /\b(?:github|merged|release notes?|[a-z0-9-]+\/[a-z0-9-]+|issues?|pull requests?|prs?|repositor(?:y|ies)|repos?)\b/i,
    'github',
  ],
];
const OF_THING: { [thing in Thing]?: string } = {
  overdue: 'quickbooks',
  invoice: 'quickbooks',
  bill: 'quickbooks',
  payment: 'quickbooks',
  profit: 'quickbooks',
  customer: 'quickbooks',
  mail: 'gmail',
  event: 'calendar',
  free_time: 'calendar',
  issue: 'github',
  pull_request: 'github',
};

/** Providers that a sentence has to do with. */
function providersSpokenOf(text: string, all: ClauseAsked[]): string[] {
  const things = all.flatMap(({ doings }) => doings.flatMap(({ objects }) => objects.flatMap((one) => one.things)));
  return [
    ...SPOKEN.filter(([pattern]) => pattern.test(text)).map(([, provider]) => provider),
    ...things.flatMap((thing) => OF_THING[thing] ?? []),
  ];
}

function shareMet(needs: ClauseAsked['needs'], capabilities: string[]): number {
  return needs.length === 0 ? 1 : needs.filter(({ any }) => any.some((one) => capabilities.includes(one))).length / needs.length;
}

function shareOf(needs: ClauseAsked['needs'], template: Candidate['template'], session: Session): number {
  const own = template.graphs.flatMap(({ nodes }) =>
    nodes.flatMap((node) => (node.kind === 'capability' ? [node.capability] : [])),
  );
  return shareMet(
    needs.filter(({ any }) => any.some((one) => riskOf(session.catalogue, one) !== 'read')),
    own,
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
    event: attempt.event,
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
  return candidate !== undefined && (candidate.filled.said.length > 0 || candidate.score >= 0.6);
}
