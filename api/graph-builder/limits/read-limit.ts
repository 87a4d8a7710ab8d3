import type { Catalogue } from '../../../contracts/capability.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import { literal } from '../compose/literals.ts';
import { makeRule } from '../compose/policy.ts';
import { channelMentions } from '../slots/channels.ts';
import { findApprover, findPerson } from '../slots/people.ts';
import { subjectsOf } from './subjects.ts';

const PROHIBITION =
  /^(?:(?:and|but|also|please|absolutely|strictly),?\s+)*(?:no|never|nothing|not)\b|\b(?:never|do not|don't|does not|must not|mustn't|may not|shall not|should not|shouldn't|cannot|can't|not allowed|not permitted|is forbidden|are forbidden|off limits|keep out of|stay out of|will not get (?:it|access)|do not need access|don't need access)\b/i;
const APPROVAL =
  /\b(?:without|before|until|unless|only (?:after|when|if|with))\b[^.]*\b(?:ask\w*|approv\w+|ok(?:ay)?(?:s|ed)?|go[- ]ahead|permission|consent|said (?:go|yes)|says (?:go|yes)|sign(?:s|ed)? off|confirm\w*|agree\w*|looked at|seen|check(?:s|ed)?)\b|\b(?:ask|check with|clear (?:it )?with)\b[^.]*\b(?:first|before)\b|\b(?:has|have|needs?|must|wants?)\b[^.]{0,30}\b(?:to )?(?:ok|okay|approve|confirm|sign off|see)\b|\b(?:needs?|requires?)\b[^.]{0,30}\b(?:approval|ok|okay|go-ahead|sign-off)\b/i;
const ONLY = /\b(?:only|exclusively|nowhere (?:else|but)|nothing but)\b/i;
const ELSEWHERE =
  /\b(?:any ?where else|any other channel|other channels?|nowhere else|outside(?: of)?|other than|except(?: in| to)?|but)\b/i;

export type Limit = { kind: 'rules'; rules: PolicyRule[] } | { kind: 'unclear'; reason: string; question: string };

export interface LimitSurroundings {
  catalogue: Catalogue;
  /** Channels that duties post in: what "anywhere else" is measured against. */
  targets: string[];
}

/** True when a sentence forbids something or asks for a person's yes; such a sentence never becomes a duty. */
export function isLimit(text: string): boolean {
  return PROHIBITION.test(withoutQuotes(text)) || APPROVAL.test(withoutQuotes(text)) || isOnlyThere(text);
}

/** True when a person's yes is wanted for something that is to be done, as opposed to an outright prohibition. */
export function isApproval(text: string): boolean {
  return APPROVAL.test(withoutQuotes(text)) && !PROHIBITION.test(withoutQuotes(text));
}

/** Policy rules of a limiting sentence, each quoting it; unclear limits are reported, never guessed. */
export function readLimit(text: string, around: LimitSurroundings): Limit {
  const capabilities = subjectsOf(text, around.catalogue);
  if (/^(?:if|when|whenever|unless)\b/i.test(text) && !APPROVAL.test(text))
    return unclear('This limit depends on something that a rule cannot see.');
  if (APPROVAL.test(text)) return { kind: 'rules', rules: approvalRules(text, capabilities, around) };
  if (capabilities.length === 0) return unclear('This limit could not be turned into a rule.');
  const content = contentCondition(text);
  return { kind: 'rules', rules: capabilities.map((capability) => denyRule(capability, text, content, around)) };
}

function denyRule(capability: string, sentence: string, content: string | undefined, around: LimitSurroundings): PolicyRule {
  const when = content ?? (/\.(?:post|react|read)$/.test(capability) ? channelCondition(sentence, around.targets) : undefined);
  const reason =
    when === undefined
      ? `The description rules ${capability} out.`
      : `The description rules ${capability} out under this condition.`;
  return makeRule({ capability, effect: 'deny', ...(when !== undefined && { when }), reason, sentence });
}

/**
 * When a limit on channels restricts. The capabilities take a channel's id as well, which tells nothing of its name: where
 * names are given, an id counts as one of them.
 */
function channelCondition(text: string, targets: string[]): string | undefined {
  const named = channelMentions(text).map(({ name }) => name);
  if (isOnlyThere(text) || ELSEWHERE.test(text)) {
    const allowed = named.length > 0 ? named : targets;
    return allowed.length > 0 ? `$not(parameters.channel in ${literal(allowed)})` : undefined;
  }
  if (named.length === 0) return undefined;
  return `$substring(parameters.channel, 0, 1) != "#" or $lowercase(parameters.channel) in ${literal(named)}`;
}

/** "no amounts": a condition on the text that goes out. */
function contentCondition(text: string): string | undefined {
  if (/\b(?:amounts?|prices?|figures|sums)\b/i.test(text))
    return '$exists(parameters.text) and $contains(parameters.text, /([€$£]\\s?[0-9])|([0-9]\\s?(€|euros?|dollars?|eur|usd|gbp|pounds?))/i)';
  if (/\b(?:links?|urls?)\b/i.test(text)) return '$exists(parameters.text) and $contains(parameters.text, /https?:/i)';
  return undefined;
}

function approvalRules(sentence: string, capabilities: string[], around: LimitSurroundings): PolicyRule[] {
  const person = findApprover(sentence) ?? findPerson(sentence);
  const reason = person
    ? `The description wants the yes of ${person} first; whoever may decide approvals can give it.`
    : 'The description wants a yes first.';
  const writes = capabilities.length > 0 ? capabilities : writesOf(around.catalogue);
  return writes.map((capability) => {
    const when = capability === 'slack/slack.post' ? channelCondition(sentence, around.targets) : undefined;
    return makeRule({ capability, effect: 'require_approval', ...(when !== undefined && { when }), reason, sentence });
  });
}

function writesOf(catalogue: Catalogue): string[] {
  return catalogue.providers.flatMap(({ provider, capabilities }) =>
    capabilities.filter(({ risk }) => risk !== 'read').map(({ capability }) => `${provider}/${capability}`),
  );
}

function isOnlyThere(text: string): boolean {
  return (
    ONLY.test(text) &&
    /\b(?:post|write|publish)\w*\b/i.test(text) &&
    /\b(?:only|exclusively|nowhere (?:else|but))\b[^.]{0,20}\b(?:in|to|into)\s+#/i.test(text)
  );
}

function unclear(reason: string): Limit {
  return { kind: 'unclear', reason, question: 'What exactly must not be done, and where?' };
}

function withoutQuotes(text: string): string {
  return text.replace(/"[^"]*"/g, ' ');
}
