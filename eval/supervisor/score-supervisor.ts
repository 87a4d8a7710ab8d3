import { randomBytes } from 'node:crypto';
import { chooseEmployees, type Choice, type Question } from '../../api/supervisor/choose.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { Catalogue } from '../../contracts/capability.ts';
import type { CoreDatabase, OrgScope } from '../../db/client.ts';
import { catalogueOf } from '../set/set-catalogue.ts';
import { share, tally, type Tally } from '../tally.ts';
import { hire } from './hire.ts';
import type { Message, SupervisorSet, Team } from './schema.ts';
import { isMisled, scoreDecision } from './score-decision.ts';

/**
 * Least share of messages that go to those who are meant. One in ten may end in a question to a person (half right) or with
 * nobody, who is told; more, and people would stop writing to the supervisor.
 */
export const MIN_RIGHT = 0.9;
/** Most messages of a hundred that start somebody who is not meant: work that nobody asked for is worse than none. */
export const MAX_MISLED = 0.03;

export interface SupervisorScore {
  name: string;
  decisions: Tally;
  misled: number;
  short: string[];
}

export interface SupervisorDeps {
  db: CoreDatabase;
  /** The product's own capabilities. */
  product: Catalogue;
}

/** Hires each team in an organisation of its own and asks the supervisor whose each message is. */
export async function scoreSupervisor(
  name: string,
  set: SupervisorSet,
  { db, product }: SupervisorDeps,
): Promise<SupervisorScore> {
  const { catalogue } = catalogueOf(set.catalogue, product);
  const items: { score: number; missed: string; isMisled: boolean }[] = [];
  for (const team of set.cases) items.push(...(await scoreTeam(team, { db, catalogue })));
  const decisions = tally(items);
  const misled = items.filter((item) => item.isMisled).length;
  return { name, decisions, misled, short: shortcomings(decisions, misled) };
}

function shortcomings(decisions: Tally, misled: number): string[] {
  const right = share(decisions);
  return [
    ...(right < MIN_RIGHT ? [`right decisions ${right.toFixed(3)} are under ${MIN_RIGHT}`] : []),
    ...(misled > MAX_MISLED * decisions.of
      ? [`${misled} of ${decisions.of} messages start somebody else, ${MAX_MISLED} at most`]
      : []),
  ];
}

async function scoreTeam(team: Team, deps: { db: CoreDatabase; catalogue: Catalogue }) {
  const orgId = `org_${randomBytes(14).toString('hex')}`;
  const scope: OrgScope = { orgId, actor: { type: 'person', id: 'user_eval' }, source: 'eval' };
  const names = new Map<string, string>();
  const unmade: string[] = [];
  for (const one of team.employees) {
    const id = await hireOrSay(deps, scope, one);
    if (id === undefined) unmade.push(one.name);
    else names.set(id, one.name);
  }
  const items = [];
  for (const message of team.triggers) {
    const choice = await deps.db.withOrgRead(scope, (tx) => chooseEmployees(tx, questionOf(message, deps.catalogue)));
    const chosen = chosenOf(choice).map((id) => names.get(id) ?? id);
    items.push(itemOf(team.id, message, chosen, unmade));
  }
  return items;
}

/** Undefined: the builder understood nothing, which what the employee is expected to take up will show. */
async function hireOrSay(...given: Parameters<typeof hire>): Promise<string | undefined> {
  try {
    return await hire(...given);
  } catch (error) {
    if (error instanceof ClancyError && ['nothing_understood', 'graph_invalid'].includes(error.code)) return undefined;
    throw error;
  }
}

/** An event comes from the account that its provider is connected with, as its webhook would say. */
function questionOf({ text, type, payload }: Message, { providers }: Catalogue): Question {
  const connection = providers.find(({ provider }) => type?.startsWith(`${provider}.`) === true)?.connections[0];
  return { text, type, payload, connectionId: connection?.connection_id };
}

function chosenOf({ candidates, fitting, several }: Choice): string[] {
  return candidates.slice(0, several === 'one' ? Math.min(fitting, 1) : fitting).map(({ employee_id: id }) => id);
}

function itemOf(team: string, { text, type, expect }: Message, chosen: string[], unmade: string[]) {
  const notMade = expect.filter((name) => unmade.includes(name)).map((name) => ` (${name} could not be built)`);
  const sent = [type, text === undefined ? undefined : `"${text}"`].filter((part) => part !== undefined).join(' ');
  const missed = `${team}: ${sent} goes to ${inWords(chosen)}, not to ${inWords(expect)}${notMade.join('')}`;
  return { score: scoreDecision(expect, chosen), missed, isMisled: isMisled(expect, chosen) };
}

function inWords(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join(' and ');
}
