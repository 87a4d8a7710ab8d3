import type { Capability, Catalogue } from '../../../contracts/capability.ts';
import { qualifyCapability } from '../../../contracts/ids.ts';
import { readAsked } from '../match/asked.ts';
import { markTokens, tokenise } from '../match/lexicon/marks.ts';
import type { Thing } from '../match/lexicon/meaning.ts';
import { splitClauses } from '../text/clauses.ts';
import { stems } from '../text/words.ts';

/** What a text speaks of when it speaks of the noun of a capability that reads. */
const THINGS: { [noun: string]: Thing[] } = {
  invoice: ['invoice', 'overdue'],
  bill: ['bill'],
  customer: ['customer'],
  payment: ['payment'],
  report: ['profit', 'aged_receivables', 'overdue'],
  email: ['mail', 'mail_thread'],
  thread: ['mail_thread', 'mail'],
  slack: ['message', 'thread', 'channel', 'person', 'newcomer', 'question', 'reply'],
  event: ['event'],
  freebusy: ['free_time', 'event'],
  issue: ['issue'],
  pull: ['pull_request'],
  repository: ['repository', 'file', 'issue', 'pull_request'],
  file: ['file'],
};

interface ReadSentence {
  /** Qualified capabilities that its duties need. */
  needed: Set<string>;
  things: Set<Thing>;
  stems: Set<string>;
}

/** Every capability is asked about for every sentence: each is read once. A catalogue is that of one request. */
const readSentences = new WeakMap<Catalogue, Map<string, ReadSentence>>();

/**
 * Whether a sentence asks for what a capability does. For what changes something, the reader of duties must find in the
 * sentence an action on a thing that needs it; for a read it is enough that the sentence speaks of the thing. Words that the
 * reader does not know, as those of providers that an organisation added, must stand in the sentence themselves.
 */
export function asksFor(sentence: string, capability: Capability, within: { text: string; catalogue: Catalogue }): boolean {
  const read = readSentence(sentence, within);
  if (read.needed.has(qualifyCapability(capability.provider, capability.capability))) return true;
  const parts = capability.capability.split('.');
  const [noun = '', verb = ''] = [parts[0], parts.at(-1)];
  if (capability.risk === 'read') return speaksOf(sentence, read, noun) || says(read, capability.provider);
  return !Object.hasOwn(THINGS, noun) && says(read, noun) && says(read, verb);
}

function readSentence(sentence: string, { text, catalogue }: { text: string; catalogue: Catalogue }): ReadSentence {
  const known = readSentences.get(catalogue) ?? new Map<string, ReadSentence>();
  readSentences.set(catalogue, known);
  const key = `${sentence}\n${text}`;
  const before = known.get(key);
  if (before) return before;
  const context = { catalogue, description: text, event: undefined, antecedents: [] };
  const asked = readAsked(splitClauses(sentence).clauses, sentence, context);
  const read = {
    needed: new Set(asked.flatMap(({ needs }) => needs.flatMap(({ any }) => any))),
    things: new Set(markTokens(tokenise(sentence)).flatMap(({ noun }) => noun ?? [])),
    stems: stems(sentence),
  };
  known.set(key, read);
  return read;
}

function speaksOf(sentence: string, read: ReadSentence, noun: string): boolean {
  if (noun === 'slack' && /(?<!\S)[#@]\p{L}/u.test(sentence)) return true;
  const things = Object.hasOwn(THINGS, noun) ? THINGS[noun]! : [];
  return things.some((thing) => read.things.has(thing)) || says(read, noun);
}

function says({ stems: said }: ReadSentence, word: string): boolean {
  return [...stems(word.replaceAll('_', ' '))].some((stem) => said.has(stem));
}
