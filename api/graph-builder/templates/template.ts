import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import type { DoingPattern } from '../match/lexicon/meaning.ts';

/** What a slot holds and which reader in `slots/` finds it in a text. */
export type SlotKind =
  /** Channels that are read: `["#a", "#b"]`, one: `"#a"`, or written to: `"#c"`. */
  | 'source_channels'
  | 'source_channel'
  | 'target_channel'
  /** Whom a Slack message goes to: `"@bogdan"` or an e-mail address. */
  | 'person'
  /** Whom an e-mail goes to: `"partners@firm.example"`. */
  | 'address'
  /** Where mail comes in: `"orders@firm.example"`, or `"orders"` of "orders@". */
  | 'mailbox'
  /** Domain that addresses must have: `"firm.example"`. */
  | 'domain'
  /** Emoji name without colons. */
  | 'emoji'
  /** How far back, in hours; days ahead ("in the next seven days"); minutes. */
  | 'hours'
  | 'days_ahead'
  | 'minutes'
  /** "the best five": 1 to 50. "at most 3 times": 1 to 50. */
  | 'count'
  | 'times'
  /** "over 500 euros": 500. "at least two weeks late": 14. */
  | 'money'
  | 'days_late'
  /** Words to be sent as they stand; what a question is about; the words in quotation marks. */
  | 'text'
  | 'topic'
  | 'quoted_words'
  /** Label of a mail: `"Booked"`; the labels to choose from: `["Delivery", "Warranty"]`. */
  | 'label'
  | 'labels'
  /** Mail from whom or about what, in Gmail's own search words: `from:notices@bank.example`, `"price list"`. */
  | 'mail_query'
  /** `owner/name` of GitHub. */
  | 'repository';

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
 * A skill as data: how people ask for it, and the graph that does it.
 *
 * A clause of a description is read into *doings* (`match/lexicon/meaning.ts`): its verbs and nouns, whatever words they
 * were said in, typos included. `does` says which doings the skill is: all of them must be asked for in the clause (in the
 * sentence, for `wholeSentence`). `needs` are groups of words for what the doings cannot tell apart ("tomorrow", "new
 * hire"); a duty must have one word of each group (`summar*` = any ending). A template has `does`, `needs` or both.
 * `helps` raise the score, `excludes` rule the template out.
 *
 * A template never widens what the text asks for: it is taken only where each capability that it *writes* with is one that
 * the doings of the sentence need by themselves (`match/lexicon/needs.ts`), and no prohibition of the text covers it. So a
 * skill that also posts to Slack is never the answer to "list the open invoices"; make it two templates, or the larger
 * `wholeSentence`. What a sentence needs and no template covers becomes an *atomic* skill of one capability, so nobody
 * needs to write a template for "label the mail" alone.
 *
 * Among several that fit, the one that covers most of what the clause needs wins, then likeness with the ways of asking
 * and filled slots. A required slot without value or default makes the template give way to another, and asks its question
 * when there is none.
 */
export interface SkillTemplate {
  id: string;
  /** `{slot}` is replaced by the slot's value. */
  title: string;
  asks: string[];
  does?: DoingPattern[];
  needs: string[][];
  helps: string[];
  excludes: string[];
  slots: TemplateSlot[];
  /**
   * The duty answers something that happens at a provider (`slack`, `gmail`, `quickbooks`, `github`, `stripe`, `calendar`).
   * The skill gets it as the templates of `input`, over `{ trigger, now }`: a mail's id is
   * `=trigger.payload.event.payload.message_id`, a Slack message is `trigger.payload.message`. Absent: input `messages`
   * as `[trigger.payload.message, trigger.payload.messages]`. `polls`: without an event it looks itself for what is new, so a
   * timetable does as well.
   */
  event?: { source: string; input?: JsonObject; polls?: true };
  /** Further inputs of the skill, whatever starts it: templates over `{ trigger, skills, now }`. */
  inputs?: JsonObject;
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
