import type { Catalogue } from '../contracts/capability.ts';
import { skillTemplates } from '../api/graph-builder/templates/index.ts';
import type { Evaluate } from '../connecthub/proxy/decide.ts';
import { borrowedPhrases, type Borrowed } from './phrases.ts';
import { scoreSet, type SetScore } from './score-set.ts';
import { readSet } from './set/read-set.ts';
import { setSchema } from './set/schema.ts';
import { wordsOfTemplates } from './template-words.ts';

export interface EvalRequest {
  /** Sets to score, by path. */
  sets: { name: string; path: string; isShown?: boolean }[];
  /** The set whose phrases must stand in no template; absent: nothing is compared. */
  known?: string;
}

export interface EvalResult {
  sets: SetScore[];
  borrowed: Borrowed[];
}

/** @throws SetError for a set that is not there or not of the form, before anything is scored. */
export async function runEval(request: EvalRequest, deps: { product: Catalogue; evaluate: Evaluate }): Promise<EvalResult> {
  const read = await Promise.all(request.sets.map(async (one) => ({ ...one, set: await readSet(one.path, setSchema) })));
  const known = request.known === undefined ? [] : (await readSet(request.known, setSchema)).entries.map(({ text }) => text);
  const sets: SetScore[] = [];
  for (const { name, set, isShown } of read) {
    sets.push(await scoreSet(name, isShown === true ? { ...set, held_out: false } : set, deps));
  }
  return { sets, borrowed: borrowedPhrases(known, wordsOfTemplates(skillTemplates)) };
}

export function hasPassed({ sets, borrowed }: EvalResult): boolean {
  return borrowed.length === 0 && sets.every(({ short }) => short.length === 0);
}
