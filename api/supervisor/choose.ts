import type { JsonObject } from '../../contracts/json.ts';
import type { SupervisorPolicy, TriggerCandidate } from '../../contracts/trigger.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { findEmployee } from '../employees/find.ts';
import { nearDuties, type NearDuty } from './match.ts';
import { readSupervisorPolicy } from './policy.ts';
import { countFitting, THRESHOLD } from './score.ts';
import { isOfBot, subscribedTo, type Subscribed } from './subscribed.ts';

/** Candidates that are kept with a decision. */
const MAX_CANDIDATES = 20;
/** Duties of one employee that are about as near as its nearest one start together. */
const ABOUT_AS_NEAR = 0.85;

/** What is to be decided about: an event, words, or somebody named. */
export interface Question {
  employeeId?: string | undefined;
  entrySkills?: string[] | undefined;
  type?: string | undefined;
  payload: JsonObject;
  text?: string | undefined;
  /** Set for what came from outside: whose event it is. Its words choose nobody unless the organisation wants that. */
  connectionId?: string | undefined;
  /** Of a fact: when it happened. Whoever subscribed later is not meant. */
  happenedAt?: Date | undefined;
}

/** Who fits, before it is known who may. */
export interface Choice {
  rule: 'target' | 'subscription' | 'matching' | 'none';
  /** The best first; the first `fitting` of them fit. */
  candidates: TriggerCandidate[];
  fitting: number;
  several: SupervisorPolicy['matching'];
  /** Why nobody fits, where nobody does. */
  reason: string;
  /** Of subscriptions, by candidate: its runs happen in their owner's name. */
  subscriptions: Map<string, Subscribed>;
}

/**
 * Whose a trigger is, in this order: who is named, who is subscribed, whose duties are nearest to the words.
 * @throws ClancyError `not_found` for a named employee that there is not.
 */
export async function chooseEmployees(tx: OrgReadTx, question: Question): Promise<Choice> {
  if (question.employeeId !== undefined) return target(tx, question.employeeId, question.entrySkills);
  const policy = await readSupervisorPolicy(tx);
  const subscribed = await bySubscription(tx, question, policy);
  if (subscribed.fitting > 0) return subscribed;
  if (question.text === undefined) return subscribed;
  if (question.connectionId !== undefined && !policy.match_webhooks) {
    return { ...subscribed, reason: `${subscribed.reason} Words of webhooks choose nobody in this organisation.` };
  }
  if (isOfBot(question.type ?? '', question.payload)) return subscribed;
  return byWords(tx, question.text, policy);
}

async function target(tx: OrgReadTx, employeeId: string, entrySkills: string[] | undefined): Promise<Choice> {
  const { name } = await findEmployee(tx, employeeId);
  const named = { employee_id: employeeId, name, entry_skills: entrySkills ?? null, why: `${name} was named.` };
  const candidates = [{ ...named, score: 1, subscription_id: null, started: false }];
  return { rule: 'target', candidates, fitting: 1, several: 'all', reason: '', subscriptions: new Map() };
}

async function bySubscription(tx: OrgReadTx, question: Question, { subscriptions: several }: SupervisorPolicy): Promise<Choice> {
  const none: Choice = { rule: 'none', candidates: [], fitting: 0, several, reason: '', subscriptions: new Map() };
  const { type, payload, connectionId, happenedAt } = question;
  if (type === undefined) return none;
  if (isOfBot(type, payload)) return { ...none, reason: 'A bot wrote it: messages of bots start nobody.' };
  const event = { type, payload, ...(connectionId !== undefined && { connectionId }), ...(happenedAt && { happenedAt }) };
  const byEmployee = new Map<string, Subscribed>();
  for (const one of await subscribedTo(tx, event)) {
    const known = byEmployee.get(one.employeeId);
    byEmployee.set(one.employeeId, known ? joined(known, one) : one);
  }
  const candidates = [...byEmployee.values()].slice(0, MAX_CANDIDATES).map(toCandidate);
  if (candidates.length === 0) return { ...none, reason: `Nobody is subscribed to this ${type}.` };
  return { ...none, rule: 'subscription', candidates, fitting: candidates.length, subscriptions: byEmployee };
}

/** Two subscriptions of an employee to the same event start one run, in the name of the first's owner if that has one. */
function joined(one: Subscribed, other: Subscribed): Subscribed {
  const first = one.status === 'active' ? one : other;
  return { ...first, entrySkills: [...new Set([...one.entrySkills, ...other.entrySkills])] };
}

function toCandidate({
  employeeId,
  employeeName: name,
  entrySkills,
  subscriptionId,
  type,
  filter,
  sentence,
}: Subscribed): TriggerCandidate {
  const where = Object.entries(filter).map(([field, value]) => ` with ${field} ${value}`);
  return {
    employee_id: employeeId,
    name,
    score: 1,
    entry_skills: entrySkills.length === 0 ? null : entrySkills,
    subscription_id: subscriptionId,
    why: `${name} is subscribed to ${type}${where.join('')}: "${sentence}"`,
    started: false,
  };
}

async function byWords(tx: OrgReadTx, text: string, { matching: several }: SupervisorPolicy): Promise<Choice> {
  const byEmployee = new Map<string, NearDuty[]>();
  for (const duty of await nearDuties(tx, text)) {
    byEmployee.set(duty.employeeId, [...(byEmployee.get(duty.employeeId) ?? []), duty]);
  }
  const candidates = [...byEmployee.values()].map(nearest).slice(0, MAX_CANDIDATES);
  const fitting = countFitting(candidates.map(({ score }) => score));
  const [best] = candidates;
  const reason = best
    ? `No active employee's duties are near enough: the nearest is ${best.name} with ${best.score} of the ${THRESHOLD} that it takes.`
    : 'No active employee has a duty with these words.';
  return { rule: fitting > 0 ? 'matching' : 'none', candidates, fitting, several, reason, subscriptions: new Map() };
}

/** Its duties come the nearest first. */
function nearest(duties: NearDuty[]): TriggerCandidate {
  const [best] = duties;
  if (!best) throw new Error('an employee without duties');
  const near = duties.filter(({ score }) => score > 0 && score >= best.score * ABOUT_AS_NEAR);
  return {
    employee_id: best.employeeId,
    name: best.name,
    score: best.score,
    entry_skills: (near.length > 0 ? near : [best]).map(({ nodeId }) => nodeId),
    subscription_id: null,
    why: `"${best.title}" has the words ${best.common.toSorted().join(', ')} (score ${best.score}).`,
    started: false,
  };
}
