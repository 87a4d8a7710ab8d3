import type { Catalogue } from '../../../contracts/capability.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import { literal } from '../compose/literals.ts';
import { makeRule } from '../compose/policy.ts';
import { channelMentions } from '../slots/channels.ts';
import { findApprover, findPerson } from '../slots/people.ts';
import { amountCondition, amountLimit, recipientCondition } from './conditions.ts';
import { isCircumstance, isOnlyThere, wantsApproval } from './kinds.ts';
import { subjectsOf, writesAsked } from './subjects.ts';

export { isApproval, isLimit } from './kinds.ts';

const ELSEWHERE =
  /\b(?:any ?where else|any other channel|other channels?|nowhere else|outside(?: of)?|other than|except(?: in| to)?|but)\b/i;

/** `condition`: it holds under circumstances that no rule can see; a person has to judge. */
export type Limit =
  | { kind: 'rules'; rules: PolicyRule[] }
  | { kind: 'condition'; capabilities: string[] }
  | { kind: 'unclear'; reason: string; question: string };

export interface LimitSurroundings {
  catalogue: Catalogue;
  /** Channels that duties post in: what "anywhere else" is measured against. */
  targets: string[];
  /** What the duties use: what a limit without a subject of its own ("above that, ask Tobias") is about. */
  used?: string[];
  /** What the sentence before spoke of writing: "it", "that". */
  before?: { text: string; capabilities: string[] };
  /** Addresses that duties write to. */
  addresses?: string[];
}

/** Policy rules of a limiting sentence, each quoting it; unclear limits are reported, never guessed. */
export function readLimit(text: string, around: LimitSurroundings): Limit {
  if (wantsApproval(text)) return { kind: 'rules', rules: approvalRules(text, around) };
  const own = subjectsOf(text, around.catalogue);
  const capabilities = own.length > 0 ? own : aboutBefore(text, around);
  const recipient = recipientCondition(text, around.addresses ?? []);
  if (recipient !== undefined) {
    const mails = ['gmail/email.send', 'gmail/email.reply', 'gmail/email.draft'].filter((one) =>
      around.catalogue.providers.some(({ provider }) => one.startsWith(provider)),
    );
    return { kind: 'rules', rules: mails.slice(0, 2).map((capability) => deny(capability, text, recipient)) };
  }
  if (capabilities.length === 0) return unclear('This limit could not be turned into a rule.');
  const content = contentCondition(text);
  const amount = amountLimit(text);
  const rules = capabilities.map((capability) => ({ capability, when: content ?? whenOf(capability, text, amount, around) }));
  const isSeen = rules.some(({ when }) => when !== undefined);
  if (!isSeen && (isCircumstance(text) || amount !== undefined)) return { kind: 'condition', capabilities };
  return {
    kind: 'rules',
    rules: rules.filter(({ when }) => when !== undefined || !isSeen).map(({ capability, when }) => deny(capability, text, when)),
  };
}

function whenOf(
  capability: string,
  text: string,
  amount: ReturnType<typeof amountLimit>,
  around: LimitSurroundings,
): string | undefined {
  if (amount) return amountCondition(amount, capability, around.catalogue);
  return /\.(?:post|react|read)$/.test(capability) ? channelCondition(text, around.targets) : undefined;
}

/** "Don't send them", "above that …": what the sentence before was about. */
function aboutBefore(text: string, { before, used = [] }: LimitSurroundings): string[] {
  if (!/\b(?:it|them|that|this|those|these|one|each|anything|any)\b/i.test(text)) return [];
  return (before?.capabilities ?? []).filter((capability) => used.includes(capability));
}

function deny(capability: string, sentence: string, when: string | undefined): PolicyRule {
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
  if (/\b(?:no|without|never|not|leave out)\b[^.]{0,30}\b(?:amounts?|prices?|figures|sums)\b/i.test(text))
    return '$exists(parameters.text) and $contains(parameters.text, /([€$£]\\s?[0-9])|([0-9]\\s?(€|euros?|dollars?|eur|usd|gbp|pounds?))/i)';
  if (/\b(?:no|without|never|not)\b[^.]{0,30}\b(?:links?|urls?)\b/i.test(text))
    return '$exists(parameters.text) and $contains(parameters.text, /https?:/i)';
  return undefined;
}

function approvalRules(sentence: string, around: LimitSurroundings): PolicyRule[] {
  const person = findApprover(sentence) ?? findPerson(sentence);
  const reason = person
    ? `The description wants the yes of ${person} first; whoever may decide approvals can give it.`
    : 'The description wants a yes first.';
  const amount = amountLimit(sentence) ?? amountBefore(sentence, around);
  return subjectsOfApproval(sentence, around).map((capability) => {
    const when = amount
      ? amountCondition(amount, capability, around.catalogue)
      : capability === 'slack/slack.post'
        ? channelCondition(sentence, around.targets)
        : undefined;
    return makeRule({ capability, effect: 'require_approval', ...(when !== undefined && { when }), reason, sentence });
  });
}

/** "Up to 2,000 you may send it. Above that, Tobias has to OK it." */
function amountBefore(sentence: string, { before }: LimitSurroundings): ReturnType<typeof amountLimit> {
  if (
    !before ||
    !/\b(?:above|over|beyond|more than) (?:that|this|it)\b|\banything (?:above|over|more|bigger|larger)\b/i.test(sentence)
  )
    return undefined;
  const limit = amountLimit(before.text);
  return limit && { operator: '>', amount: limit.amount };
}

function subjectsOfApproval(sentence: string, around: LimitSurroundings): string[] {
  const own = writesAsked(
    sentence.replace(/\b(?:ask(?:s|ed|ing)?|wants?|needs?|has|have|must|tell)\s+[^.,;]{0,20}\b(?:first|to|before)\b/gi, ' '),
    around.catalogue,
  );
  const slack = subjectsOf(sentence, around.catalogue).filter((one) => /^slack\/slack\.(?:post|dm|react)$/.test(one));
  const found = [...new Set([...own, ...slack])].filter(
    (one) => around.used === undefined || around.used.length === 0 || around.used.includes(one) || own.includes(one),
  );
  if (found.length > 0) return found;
  const named = subjectsOf(sentence, around.catalogue);
  if (named.length > 0)
    return named.flatMap((one) =>
      one.endsWith('/*') ? writesOf(around.catalogue).filter((write) => write.startsWith(one.slice(0, -1))) : [one],
    );
  const before = (around.before?.capabilities ?? []).filter((one) => around.used?.includes(one) ?? true);
  return before.length > 0 ? before : writesOf(around.catalogue);
}

function writesOf(catalogue: Catalogue): string[] {
  return catalogue.providers.flatMap(({ provider, capabilities }) =>
    capabilities.filter(({ risk }) => risk !== 'read').map(({ capability }) => `${provider}/${capability}`),
  );
}

function unclear(reason: string): Limit {
  return { kind: 'unclear', reason, question: 'What exactly must not be done, and where?' };
}
