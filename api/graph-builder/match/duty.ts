import type { JsonObject } from '../../../contracts/json.ts';
import type { TriggerProposal } from '../../../contracts/employee-graph.ts';
import type { SkillTemplate } from '../templates/template.ts';

/** A duty that was understood: the template that does it and what fills its slots. */
export interface Duty {
  /** Node id in the employee graph. */
  id: string;
  template: SkillTemplate;
  slots: JsonObject;
  /** Slots that the text states, as opposed to defaults and carried-over values. */
  said: string[];
  sentences: string[];
  score: number;
  runnerUp?: { template: string; score: number };
  trigger: TriggerProposal;
  /** Further times at which it starts. */
  also?: TriggerProposal[];
  /** Paragraph or list that its sentence stands in. */
  block?: number;
  /** A model proposed it: nothing is allowed by itself then, and what it changes is asked first. */
  source?: 'model';
  /** Node ids of duties that come first, by the text's own order ("then") or because they feed this one. */
  after: string[];
}

export interface NotUnderstood {
  sentence: string;
  reason: string;
  question?: string;
}
