import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';

/** What a slot holds and which reader in `slots/` finds it in a text. */
type SlotKind =
  | 'source_channels'
  | 'source_channel'
  | 'target_channel'
  | 'person'
  | 'emoji'
  | 'hours'
  | 'count'
  | 'money'
  | 'days_late'
  | 'text'
  | 'topic'
  | 'quoted_words';

export interface TemplateSlot {
  /** Name of the skill graph's input that the slot fills; a run may override it in `trigger.payload`. */
  name: string;
  kind: SlotKind;
  required: boolean;
  default?: Json;
  /** Asked of the manager when a required slot stays empty. */
  question: string;
  /** The slot of an earlier duty that gives the value when the text does not: the channel a question was asked in. */
  from?: { template: string; slot: string };
  /** The default only stands in: the manager is asked for the real value. */
  asksWhenDefault?: boolean;
}

/** What a manager's plain sentence allows: a rule that names as many slots as make it narrow. */
export interface TemplateAllowance {
  capability: string;
  /** JSONata over `{ parameters }`; `{slot}` stands for the slot's value as a literal. */
  when: string;
  /** The rule is written only when these slots were said in the text, not filled by a default. */
  said: string[];
  reason: string;
}

/** An input that is the output of an earlier duty, such as the messages that a digest covered. */
interface TemplateFeed {
  /** Template whose output is taken. */
  from: string;
  /** Input name here and field of the other's output. */
  input: string;
  output: string;
  /** The way is taken only when this holds over the other's output (JSONata, `{output}` stands for its path). */
  when?: string;
}

/**
 * A skill as data: how people ask for it, and the graph that does it. `needs` are groups of words; a duty must have
 * one word of each group (`summar*` = any ending). `helps` raise the score, `excludes` rule the template out.
 */
export interface SkillTemplate {
  id: string;
  /** `{slot}` is replaced by the slot's value. */
  title: string;
  asks: string[];
  needs: string[][];
  helps: string[];
  excludes: string[];
  slots: TemplateSlot[];
  /** The duty answers something that happens; a run gets it as `trigger.payload.message`. */
  event?: { source: string };
  /** The whole sentence is looked at before its clauses. */
  wholeSentence?: boolean;
  /** Taken from any one of these earlier duties. */
  feeds?: TemplateFeed[];
  /** Sentence that comes before the ways of asking, where the duty builds on an earlier one. */
  askedAfter?: string;
  /** The first is the skill's own graph; the rest are nested graphs and foreach bodies. */
  graphs: [SkillGraph, ...SkillGraph[]];
  permissions: string[];
  allows: TemplateAllowance[];
  example: TemplateExample;
}

/** A worked example; the tests build it and evaluate the named transform on the sample data. */
export interface TemplateExample {
  text: string;
  slots: JsonObject;
  evaluate: { graph: string; node: string; scope: JsonObject; expect: Json }[];
}
