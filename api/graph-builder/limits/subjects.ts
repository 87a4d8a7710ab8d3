import type { Catalogue } from '../../../contracts/capability.ts';
import { qualifyCapability } from '../../../contracts/ids.ts';
import { providersMeant } from '../match/providers.ts';
import { wordPattern } from '../text/words.ts';

/** What people call the things that a limit is about, with the capabilities meant. */
const SUBJECTS: { words: RegExp; capabilities: string[] }[] = [
  {
    words: wordPattern([
      'direct message*',
      'dm',
      'dms',
      'private message*',
      'message people',
      'message anyone',
      'message anybody',
      'privately',
      'personal message*',
      'message them',
      'message customers',
    ]),
    capabilities: ['slack/slack.dm'],
  },
  { words: wordPattern(['react*', 'emoji*']), capabilities: ['slack/slack.react'] },
  {
    words: wordPattern([
      'post',
      'posts',
      'posting',
      'posted',
      'publish*',
      'announc*',
      'write in',
      'writing in',
      'write anything in',
      'write to #*',
      'say anything in',
      'message in',
      'messages in',
      'goes out',
      'digest*',
    ]),
    capabilities: ['slack/slack.post'],
  },
  { words: wordPattern(['look up people', 'search for people', 'look people up']), capabilities: ['slack/slack.users.find'] },
];
const READ_SUBJECT = wordPattern(['read', 'reads', 'reading', 'look into', 'look in', 'look at']);

/** Capabilities that a limiting sentence speaks of; whole providers as `gmail/*`. */
export function subjectsOf(text: string, catalogue: Catalogue): string[] {
  const slack = SUBJECTS.filter(({ words }) => words.test(text)).flatMap(({ capabilities }) => capabilities);
  const reads =
    slack.length === 0 && READ_SUBJECT.test(text) && /#\p{L}/u.test(text) ? ['slack/slack.read', 'slack/slack.thread.read'] : [];
  const others = providersMeant(text).flatMap((provider) => providerCapabilities(provider, text, catalogue));
  return [...slack, ...reads, ...others];
}

/** A missing provider is ruled out whole; "change nothing in X" of one that is here spares its reads. */
function providerCapabilities(provider: string, text: string, catalogue: Catalogue): string[] {
  const entry = catalogue.providers.find((candidate) => candidate.provider === provider);
  if (!entry) return [`${provider}/*`];
  const sparesReads = /\b(?:change|alter|create|touch|edit|modify|sen[dt]|writ|update|delete|go(?:es)? out)\w*\b/i.test(text);
  if (!sparesReads) return [`${provider}/*`];
  return entry.capabilities
    .filter(({ risk }) => risk !== 'read')
    .map(({ capability }) => qualifyCapability(provider, capability));
}
