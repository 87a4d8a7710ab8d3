import { riskOf } from '../catalogue.ts';
import { capabilitiesOfTemplate } from '../templates/capabilities.ts';
import { addDuty } from './add-duty.ts';
import { atomicTemplate, type AtomicPlan } from './atomic/atomic-template.ts';
import type { ClauseAsked } from './asked.ts';
import type { Duty, NotUnderstood } from './duty.ts';
import { fillSlots } from './fill-slots.ts';
import type { Need } from './needs.ts';
import type { Attempt, Session } from './session.ts';
import { termOfEvent } from './event-needs.ts';

export interface AtomicOutcome {
  /** Clauses all of whose needs some skill meets. */
  met: Set<ClauseAsked>;
  /** What a clause's template asked, where the skill goes ahead without the answer. */
  ask: (failure: NotUnderstood | undefined) => NotUnderstood | undefined;
}

/** Makes one skill of what a sentence needs and no template has met. Reads wait for a sentence that says what becomes of them. */
export function addAtomic(session: Session, attempt: Attempt, asked: ClauseAsked[], added: Duty[]): AtomicOutcome {
  const has = new Set(added.flatMap(capabilitiesIn));
  const needs = asked.flatMap((one) => one.needs);
  const left = needs.filter(({ any }) => !any.some((one) => has.has(one)));
  const isWrite = ({ any }: Need): boolean => any.some((one) => riskOf(session.catalogue, one) !== 'read');
  const outcome: AtomicOutcome = { met: new Set(asked.filter((one) => one.needs.length > 0)), ask: (failure) => failure };
  const event = attempt.event === 'none' ? undefined : attempt.event;
  if (left.some(isWrite)) {
    const before = takePending(session, attempt);
    const ofEvent = event ? termOfEvent(event, session.catalogue) : [];
    if (!make(session, attempt, [...before, ...ofEvent.map((any) => ({ any, doing: left[0]!.doing })), ...left]))
      outcome.met.clear();
    return outcome;
  }
  if (left.length > 0 && added.length === 0) {
    session.pending.push({ statement: attempt.statement, needs: left, event });
    session.pendingAttempts.push(attempt);
  } else if (added.length > 0) addReads(session, attempt, [...takePending(session, attempt), ...left], added, event);
  return outcome;
}

/** Reads that a template of the same sentence did not do itself. */
function addReads(
  session: Session,
  attempt: Attempt,
  reads: Need[],
  added: Duty[],
  event: { source: string; about: string } | undefined,
): void {
  const has = new Set([...added, ...session.duties].flatMap(capabilitiesIn));
  const ofEvent = event
    ? termOfEvent(event, session.catalogue).filter((any) => !any.some((one) => has.has(one) || sameNoun(one, has)))
    : [];
  const left = [...ofEvent.map((any) => ({ any, doing: undefined as never })), ...reads].filter(
    ({ any }) => !any.some((one) => has.has(one)),
  );
  if (left.length > 0) make(session, attempt, left);
}

function sameNoun(capability: string, has: Set<string>): boolean {
  return [...has].some((one) => one.split('.')[0] === capability.split('.')[0]);
}

/** Reads whose sentence nobody came back to are skills of their own: what they find is shown on the run. */
export function addPending(session: Session): void {
  for (const [index, { needs }] of session.pending.entries()) {
    const attempt = session.pendingAttempts[index]!;
    const known = new Set(session.duties.flatMap(capabilitiesIn));
    const left = needs.filter(({ any }) => !any.some((one) => known.has(one) || one.startsWith('slack/')));
    if (left.length > 0) make(session, attempt, left);
  }
}

function takePending(session: Session, attempt: Attempt): Need[] {
  const taken = session.pending.filter(
    ({ statement }) => statement.block === attempt.statement.block || session.previous === statement,
  );
  session.pendingAttempts = session.pendingAttempts.filter((_, index) => !taken.includes(session.pending[index]!));
  session.pending = session.pending.filter((one) => !taken.includes(one));
  return taken.flatMap(({ needs }) => needs);
}

function make(session: Session, attempt: Attempt, needs: Need[]): boolean {
  const capabilities = [...new Set(needs.map(({ any }) => any[0]!))];
  const plan: AtomicPlan = { capabilities, sentence: attempt.statement.text, conditions: [], number: session.plans.size + 1 };
  const template = atomicTemplate(plan, session.catalogue);
  const earlier = session.duties.map((duty) => ({ template: duty.template.id, slots: duty.slots }));
  const reading = session.readings.near(attempt.at);
  const { condition } = attempt;
  const filled = fillSlots(template, {
    clause: attempt.statement.text,
    sentence: attempt.statement.text,
    earlier,
    ...(condition !== undefined && { condition }),
    ...(reading && { reading }),
  });
  const known = session.duties.length;
  const failure = addDuty(session.duties, {
    statement: attempt.statement,
    condition,
    event: attempt.event,
    clause: attempt.statement.text,
    candidate: { template, filled, score: 0.5 },
    runnerUp: undefined,
    reading: undefined,
    timezone: session.timezone,
  });
  if (failure) {
    session.open.push(failure);
    return false;
  }
  const duty = session.duties[known];
  if (!duty) return true;
  session.plans.set(duty.id, plan);
  if (filled.usedReading && reading) session.readings.use(reading);
  if (capabilities.includes('slack/slack.read')) session.readings.useOf(attempt.statement.text);
  for (const slot of template.slots) {
    if (Object.hasOwn(filled.values, slot.name) || isGivenByEvent(slot.name, attempt)) continue;
    session.open.push({
      sentence: attempt.statement.text,
      reason: 'Understood, but this is not said; until it is, a run has to be given it.',
      question: slot.question,
    });
  }
  return true;
}

/** What answers a message or a mail goes back to where that came from. */
function isGivenByEvent(slot: string, { event }: Attempt): boolean {
  if (event === 'none') return ['query', 'address', 'channels'].includes(slot);
  return (
    slot === 'query' ||
    slot === 'channels' ||
    (slot === 'target' && event.source === 'slack') ||
    (slot === 'address' && event.source !== 'slack') ||
    (slot === 'person' && event.source === 'slack')
  );
}

function capabilitiesIn({ template }: Duty): string[] {
  return capabilitiesOfTemplate(template);
}
