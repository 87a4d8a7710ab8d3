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

/**
 * Whether a sentence asks for what a capability does. For what changes something, the reader of duties must find in the
 * sentence an action on a thing that needs it; for a read it is enough that the sentence speaks of the thing. Words that the
 * reader does not know, as those of providers that an organisation added, must stand in the sentence themselves.
 */
export function asksFor(sentence: string, capability: Capability, within: { text: string; catalogue: Catalogue }): boolean {
  const { clauses } = splitClauses(sentence);
  const context = { catalogue: within.catalogue, description: within.text, event: undefined, antecedents: [] };
  const qualified = qualifyCapability(capability.provider, capability.capability);
  const isNeeded = readAsked(clauses, sentence, context).some(({ needs }) => needs.some(({ any }) => any.includes(qualified)));
  if (isNeeded) return true;
  const parts = capability.capability.split('.');
  const [noun = '', verb = ''] = [parts[0], parts.at(-1)];
  if (capability.risk === 'read') return speaksOf(sentence, noun) || says(sentence, capability.provider);
  return !Object.hasOwn(THINGS, noun) && says(sentence, noun) && says(sentence, verb);
}

function speaksOf(sentence: string, noun: string): boolean {
  if (noun === 'slack' && /(?<!\S)[#@]\p{L}/u.test(sentence)) return true;
  const things = Object.hasOwn(THINGS, noun) ? THINGS[noun]! : [];
  return (
    markTokens(tokenise(sentence)).some((mark) => mark.noun?.some((thing) => things.includes(thing))) || says(sentence, noun)
  );
}

function says(sentence: string, word: string): boolean {
  const said = stems(sentence);
  return [...stems(word.replaceAll('_', ' '))].some((stem) => said.has(stem));
}
