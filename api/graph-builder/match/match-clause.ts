import type { SkillTemplate } from '../templates/template.ts';
import { similarity, stems, withoutNames, wordPattern } from '../text/words.ts';
import { fillSlots, type FilledSlots, type Surroundings } from './fill-slots.ts';

export interface Candidate {
  template: SkillTemplate;
  filled: FilledSlots;
  /** 0 to 1: 0.5 for its words, up to 0.3 for likeness with a way of asking, up to 0.2 for filled slots. */
  score: number;
}

export interface CompiledTemplate {
  template: SkillTemplate;
  needs: RegExp[];
  helps: RegExp[];
  excludes: RegExp | undefined;
  asks: Set<string>[];
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
    needs: template.needs.map(wordPattern),
    helps: template.helps.map((word) => wordPattern([word])),
    excludes: template.excludes.length > 0 ? wordPattern(template.excludes) : undefined,
    asks: template.asks.map((ask) => stems(withoutNames(ask))),
  };
}

/** All templates whose words occur in the clause, best first. */
export function matchClause(compiled: CompiledTemplate[], around: Surroundings): Candidate[] {
  const candidates = compiled.flatMap((entry) => {
    const text = plainWords(entry.template.wholeSentence ? around.sentence : around.clause);
    if (entry.excludes?.test(text) || !entry.needs.every((need) => need.test(text))) return [];
    const filled = fillSlots(entry.template, around);
    return [{ template: entry.template, filled, score: scoreOf(entry, text, filled) }];
  });
  return candidates.sort((one, other) => other.score - one.score);
}

function scoreOf(entry: CompiledTemplate, text: string, filled: FilledSlots): number {
  const words = stems(withoutNames(text));
  const likeness = Math.max(...entry.asks.map((ask) => similarity(words, ask)));
  const helped = Math.min(1, entry.helps.filter((help) => help.test(text)).length / 3);
  const required = entry.template.slots.filter((slot) => slot.required);
  const worth = required.map(({ name }) => (filled.said.includes(name) ? 1 : name in filled.values ? 0.7 : 0));
  const share = required.length === 0 ? 1 : worth.reduce<number>((sum, one) => sum + one, 0) / required.length;
  return Math.round((0.5 + 0.2 * likeness + 0.1 * helped + 0.2 * share) * 1_000) / 1_000;
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
