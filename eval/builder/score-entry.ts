import type { Evaluate } from '../../connecthub/proxy/decide.ts';
import { scorePolicy } from '../policy/score-policy.ts';
import type { Entry } from '../set/schema.ts';
import type { SetCatalogue } from '../set/set-catalogue.ts';
import type { Tally } from '../tally.ts';
import { scoreTriggers } from '../triggers/score-triggers.ts';
import { make, type Made } from './made.ts';
import { scoreReports } from './reports.ts';
import { forbiddenGrants, scoreProviders, scoreRequirements } from './requirements.ts';

export interface EntryScore {
  id: string;
  title: string;
  requirements: Tally;
  /** Capabilities that were granted and must not be. */
  forbidden: string[];
  providers: Tally;
  triggers: Tally;
  triggersProposed: Tally;
  policies: Tally;
  undoable: Tally;
  skills: { count: number; min: number; max: number };
  buildMs: number;
  failure?: string;
}

export async function scoreEntry(entry: Entry, set: SetCatalogue, evaluate: Evaluate): Promise<EntryScore> {
  return scoreMade(entry, make(entry.text, set.catalogue), set, evaluate);
}

/** What was made of a description beside what a careful reader expects. */
export async function scoreMade(entry: Entry, made: Made, set: SetCatalogue, evaluate: Evaluate): Promise<EntryScore> {
  const { expect } = entry;
  const has = new Set(made.definition?.capabilities);
  const { recall, precision } = scoreTriggers(expect.triggers, made.triggers, made.definition);
  return {
    id: entry.id,
    title: entry.title,
    requirements: scoreRequirements(expect, has, set),
    forbidden: forbiddenGrants(expect, has, set),
    providers: scoreProviders(expect, has),
    triggers: recall,
    triggersProposed: precision,
    policies: await scorePolicy(expect.policy, made.definition, set, evaluate),
    undoable: scoreReports(entry.text, expect.not_understood, made.reported),
    skills: { count: made.skills, min: expect.min_skills, max: expect.max_skills },
    buildMs: made.buildMs,
    ...(made.failure !== undefined && { failure: made.failure }),
  };
}
