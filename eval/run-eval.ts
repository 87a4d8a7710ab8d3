import type { Catalogue } from '../contracts/capability.ts';
import { skillTemplates } from '../api/graph-builder/templates/index.ts';
import type { Evaluate } from '../connecthub/proxy/decide.ts';
import type { CoreDatabase } from '../db/client.ts';
import { borrowedPhrases, type Borrowed } from './phrases.ts';
import { scoreSet, type SetScore } from './score-set.ts';
import { readSet } from './set/read-set.ts';
import { supervisorSetSchema } from './supervisor/schema.ts';
import { scoreSupervisor, type SupervisorScore } from './supervisor/score-supervisor.ts';
import { setSchema } from './set/schema.ts';
import { wordsOfTemplates } from './template-words.ts';

export interface EvalRequest {
  /** Sets to score, by path. */
  sets: { name: string; path: string; isShown?: boolean }[];
  /** The set whose phrases must stand in no template; absent: nothing is compared. */
  known?: string;
  /** The supervisor's set; absent: it is not asked. */
  supervisor?: { name: string; path: string };
}

export interface EvalResult {
  sets: SetScore[];
  borrowed: Borrowed[];
  supervisor?: SupervisorScore;
}

export interface EvalDeps {
  /** The product's own capabilities. */
  product: Catalogue;
  evaluate: Evaluate;
  /** A database of its own for the supervisor. */
  withDatabase: <T>(work: (db: CoreDatabase) => Promise<T>) => Promise<T>;
}

/** @throws SetError for a set that is not there or not of the form, before anything is scored. */
export async function runEval(request: EvalRequest, deps: EvalDeps): Promise<EvalResult> {
  const read = await Promise.all(request.sets.map(async (one) => ({ ...one, set: await readSet(one.path, setSchema) })));
  const known = request.known === undefined ? [] : (await readSet(request.known, setSchema)).entries.map(({ text }) => text);
  const { supervisor: asked } = request;
  const supervisorSet = asked && (await readSet(asked.path, supervisorSetSchema));
  const sets: SetScore[] = [];
  for (const { name, set, isShown } of read) {
    sets.push(await scoreSet(name, isShown === true ? { ...set, held_out: false } : set, deps));
  }
  const supervisor =
    supervisorSet && (await deps.withDatabase((db) => scoreSupervisor(asked.name, supervisorSet, { db, product: deps.product })));
  return { sets, borrowed: borrowedPhrases(known, wordsOfTemplates(skillTemplates)), ...(supervisor && { supervisor }) };
}

export function hasPassed({ sets, borrowed, supervisor }: EvalResult): boolean {
  const scores = supervisor ? [...sets, supervisor] : sets;
  return borrowed.length === 0 && scores.every(({ short }) => short.length === 0);
}
