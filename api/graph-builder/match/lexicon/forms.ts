import { IRREGULAR } from './verbs.ts';

/** How a verb stands: `base` may order something, `ing` may too at the start of a duty, `past` only after "be". */
export type VerbForm = 'base' | 's' | 'ing' | 'past';

const PAST =
  /(?:ed|nt|ought|ght|ew|aw|ote|ook|ave|old|aid|ent|ept|elt|ut|ound|ot|own|en|one|id|ade|ad|ilt|tuck|ot|ang|an|un|oke)$/;

/** A phrase of a lexicon as words: commas and line ends part the entries. */
export function phrases(entries: string): string[] {
  return entries
    .split(/[,\n]/)
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
    .filter((entry) => entry !== '');
}

/** All forms of a verb phrase; its first word is the one that changes. */
export function verbForms(phrase: string): [form: string, kind: VerbForm][] {
  const [verb = '', ...rest] = phrase.split(' ');
  const irregular = IRREGULAR[verb];
  const others = irregular === undefined ? [] : phrases(irregular);
  const hasPast = others.some((form) => !/(?:ing|s|es)$/.test(form));
  const forms: [string, VerbForm][] = [
    [verb, 'base'],
    [thirdPerson(verb), 's'],
    [ending(verb, 'ing'), 'ing'],
    ...(hasPast ? [] : [[ending(verb, 'ed'), 'past'] as [string, VerbForm]]),
    ...others.map((form): [string, VerbForm] => [
      form,
      form.endsWith('ing') ? 'ing' : form.endsWith('s') && !PAST.test(form) ? 's' : 'past',
    ]),
  ];
  return forms.map(([form, kind]) => [[form, ...rest].join(' '), kind]);
}

/** Singular and plural of a noun phrase; its last word is the one that changes. */
export function nounForms(phrase: string): string[] {
  const plural = /(?:s|'s|open|paid|due|owes?|us|me|\d)$/.test(phrase) ? phrase : thirdPerson(phrase);
  const [head, ...rest] = phrase.split(' from ');
  const inner =
    rest.length > 0
      ? [`${thirdPerson(head ?? '')} from ${rest.join(' from ')}`, `${thirdPerson(head ?? '')} from ${rest.join(' from ')}s`]
      : [];
  return [...new Set([phrase, plural, ...inner])];
}

function thirdPerson(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|[^aeiou]o)$/.test(word) ? `${word}es` : `${word}s`;
}

function ending(verb: string, suffix: 'ing' | 'ed'): string {
  if (verb.endsWith('ie') && suffix === 'ing') return `${verb.slice(0, -2)}ying`;
  if (verb.endsWith('e') && !verb.endsWith('ee')) return suffix === 'ed' ? `${verb}d` : `${verb.slice(0, -1)}ing`;
  if (/[^aeiou]y$/.test(verb) && suffix === 'ed') return `${verb.slice(0, -1)}ied`;
  const doubles = /^[^aeiou]*[aeiou][^aeiouwxy]$/.test(verb) || /(?:submit|refer)$/.test(verb);
  return doubles ? `${verb}${verb.at(-1)}${suffix}` : `${verb}${suffix}`;
}
