import type { SkillTemplate } from '../templates/template.ts';
import { capabilitiesOfTemplate } from '../templates/capabilities.ts';
import { isAsked } from './asked.ts';
import type { DoingSaid } from './doings.ts';
import { similarity, stems, textWords, withoutNames, wordGroup, type TextWords } from '../text/words.ts';
import { fillSlots, type FilledSlots, type Surroundings } from './fill-slots.ts';

type WordTest = (text: TextWords) => boolean;

export interface Candidate {
  template: SkillTemplate;
  filled: FilledSlots;
  /** 0 to 1: for its words, for likeness with a way of asking, for filled slots, for what the clause needs and it does. */
  score: number;
}

export interface CompiledTemplate {
  template: SkillTemplate;
  needs: WordTest[];
  helps: WordTest[];
  excludes: WordTest;
  asks: Set<string>[];
  /** All that its graphs use. */
  capabilities: string[];
}

/** Templates are data that never changes: each is compiled once per process. */
const compiledTemplates = new WeakMap<SkillTemplate, CompiledTemplate>();

/** Prepares templates: patterns, and stems of their ways of asking. */
export function compileTemplates(templates: SkillTemplate[]): CompiledTemplate[] {
  return templates.map((template) => {
    const compiled = compiledTemplates.get(template) ?? compile(template);
    compiledTemplates.set(template, compiled);
    return compiled;
  });
}

function compile(template: SkillTemplate): CompiledTemplate {
  return {
    template,
    needs: template.needs.map(wordGroup),
    helps: template.helps.map((word) => wordGroup([word])),
    excludes: wordGroup(template.excludes),
    asks: template.asks.map((ask) => stems(withoutNames(ask))),
    capabilities: capabilitiesOfTemplate(template),
  };
}

/** What a clause and its sentence ask for, beside which templates are measured. */
export interface Asked {
  clause: DoingSaid[];
  sentence: DoingSaid[];
  event: string | undefined;
  /** Whether the sentence wants this of a skill: what it writes with, and the providers that it reads from. */
  isWanted: (capability: string) => boolean;
  /** Share of what the clause needs that these capabilities meet, 0 to 1. */
  shareMet: (capabilities: string[], isWhole: boolean) => number;
}

/** All templates whose words and doings occur in the clause and that do nothing besides what is asked, best first. */
export function matchClause(compiled: CompiledTemplate[], around: Surroundings, asked: Asked): Candidate[] {
  const clause = prepare(around.clause);
  const sentence = prepare(around.sentence);
  const candidates = compiled.flatMap((entry) => {
    if (!entry.capabilities.every(asked.isWanted)) return [];
    const isWhole = entry.template.wholeSentence === true;
    const { words: text, stems: said } = isWhole ? sentence : clause;
    if (entry.excludes(text) || !entry.needs.every((need) => need(text))) return [];
    const doings = isWhole ? asked.sentence : asked.clause;
    if (entry.template.does?.some((pattern) => !isAsked(pattern, doings, asked.event))) return [];
    const filled = fillSlots(entry.template, around);
    // Where a mail starts the duty, the skill that reads mail is meant rather than the one that waits to be told.
    const ofEvent = asked.event !== undefined && entry.template.event?.source === asked.event ? 0.1 : 0;
    const score = scoreOf(entry, text, said, filled) + 0.2 * asked.shareMet(entry.capabilities, isWhole) + ofEvent;
    return [{ template: entry.template, filled, score: Math.round(Math.min(1, score) * 1_000) / 1_000 }];
  });
  return candidates.sort((one, other) => other.score - one.score);
}

/** A text as templates are measured by it, worked out once for all of them. */
function prepare(text: string): { words: TextWords; stems: Set<string> } {
  const plain = plainWords(text);
  return { words: textWords(plain), stems: stems(withoutNames(plain)) };
}

function scoreOf(entry: CompiledTemplate, text: TextWords, words: Set<string>, filled: FilledSlots): number {
  const likeness = Math.max(0, ...entry.asks.map((ask) => similarity(words, ask)));
  const helped = Math.min(1, entry.helps.filter((help) => help(text)).length / 3);
  const required = entry.template.slots.filter((slot) => slot.required);
  const worth = required.map(({ name }) => (filled.said.includes(name) ? 1 : name in filled.values ? 0.7 : 0));
  const share = required.length === 0 ? 1 : worth.reduce<number>((sum, one) => sum + one, 0) / required.length;
  return 0.4 + 0.2 * likeness + 0.05 * helped + 0.15 * share;
}

/** "message Bogdan", "tell @ana" and "send Eva a note on Slack" all speak of direct messages. */
function plainWords(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{N}]):[a-z0-9_+-]+:/giu, 'emoji')
    .replace(/\b[Mm]essage(?=\s+(?:@|\p{Lu}\p{Ll}|me\b|him\b|her\b|them\b))/gu, 'dm')
    .replace(
      /\b(?:[Tt]ell|[Nn]otify|[Ii]nform|[Pp]ing|[Ww]arn|[Aa]lert)(?=\s+(?:@|\p{Lu}\p{Ll}|me\b|(?:our|the)\s+[\p{Ll} -]{2,40},\s+\p{Lu}))/gu,
      '$& dm',
    )
    .replace(/\b(?:[Ss]end|[Gg]ive)\s+(?=(?:@|\p{Lu}\p{Ll})\S*\s+(?:a|the|an)\s)/gu, 'send dm ');
}
