import { nounForms, phrases, verbForms, type VerbForm } from './forms.ts';
import type { Action, Thing } from './meaning.ts';
import { NOUNS } from './nouns.ts';
import { VERBS } from './verbs.ts';

export interface Token {
  text: string;
  lower: string;
  start: number;
  end: number;
}

/** A stretch of a clause that a lexicon knows. Token numbers, `to` exclusive. */
export interface Mark {
  from: number;
  to: number;
  /** As a verb: all that it can ask for, and how it stands. */
  verb?: { base: string; actions: Action[]; form: VerbForm };
  noun?: Thing[];
}

interface VerbEntry {
  base: string;
  actions: Action[];
  form: VerbForm;
}

const verbs = new Map<string, VerbEntry>();
const nouns = new Map<string, Thing[]>();
for (const [action, entries] of Object.entries(VERBS) as [Action, string][]) {
  for (const base of phrases(entries))
    for (const [form, kind] of verbForms(base)) addVerb(form, { base, actions: [action], form: kind });
}
for (const [thing, entries] of Object.entries(NOUNS) as [Thing, string][]) {
  for (const base of phrases(entries))
    for (const form of nounForms(base)) nouns.set(form, [...new Set([...(nouns.get(form) ?? []), thing])]);
}

function addVerb(form: string, entry: VerbEntry): void {
  const known = verbs.get(form);
  if (!known) verbs.set(form, entry);
  else if (!known.actions.includes(entry.actions[0]!))
    verbs.set(form, { ...known, actions: [...known.actions, ...entry.actions] });
}

/** Longest phrase that begins with a word: most words begin none. */
const longest = new Map<string, number>();
for (const phrase of [...verbs.keys(), ...nouns.keys()]) {
  const words = phrase.split(' ');
  longest.set(words[0]!, Math.max(longest.get(words[0]!) ?? 0, words.length));
}

export function tokenise(text: string): Token[] {
  return [...text.matchAll(/[#@]?[\p{L}\p{N}](?:[\p{L}\p{N}_'&@+]|[./:-](?=[\p{L}\p{N}]))*@?|"[^"]*"|[,;:()—–]/gu)].map(
    (match) => ({
      text: match[0],
      lower: match[0].toLowerCase(),
      start: match.index,
      end: match.index + match[0].length,
    }),
  );
}

/** The longest known phrases of a clause, from left to right; a word that is verb and noun keeps both readings. */
export function markTokens(tokens: Token[]): Mark[] {
  const marks: Mark[] = [];
  for (let from = 0; from < tokens.length;) {
    const mark = markAt(tokens, from);
    if (mark) marks.push(mark);
    from = mark ? mark.to : from + 1;
  }
  return marks;
}

/** "pass them on", "look it up": the particle stands behind the pronoun. */
function apart(tokens: Token[], from: number): Mark | undefined {
  const [first, pronoun, particle] = [tokens[from], tokens[from + 1], tokens[from + 2]];
  if (!first || !particle || !/^(?:it|them|that|this|these|those|him|her|me|us|everything|each)$/.test(pronoun?.lower ?? ''))
    return undefined;
  const verb = verbs.get(`${first.lower} ${particle.lower}`);
  return verb && /^(?:on|up|out|off|in|over|down|through|back|along)$/.test(particle.lower)
    ? { from, to: from + 1, verb }
    : undefined;
}

function markAt(tokens: Token[], from: number): Mark | undefined {
  const first = tokens[from]!.lower;
  const most = longest.get(first);
  if (most === undefined) return undefined;
  let mark = apart(tokens, from);
  let phrase = '';
  for (let to = from + 1; to <= Math.min(tokens.length, from + most); to += 1) {
    phrase = to === from + 1 ? first : `${phrase} ${tokens[to - 1]!.lower}`;
    const verb = verbs.get(phrase);
    const noun = nouns.get(phrase);
    // A longer verb phrase beats a shorter noun and the other way round; of equal length both stand.
    if (verb || noun) mark = { from, to, ...(verb && { verb }), ...(noun && { noun }) };
  }
  return mark;
}
