import type { Catalogue } from '../../../contracts/capability.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import { makeRule } from '../compose/policy.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import type { Duty, NotUnderstood } from '../match/duty.ts';
import { OUTSIDERS } from '../match/lexicon/people.ts';
import { findApprover } from '../slots/people.ts';
import type { Statement } from '../text/statements.ts';
import { isKeptByPeople } from './kinds.ts';
import { readLimit } from './read-limit.ts';
import { writesAsked } from './subjects.ts';

/** Most limits of one description that become rules. */
const MAX_RULES = 100;

export interface CollectedLimits {
  rules: PolicyRule[];
  unclear: NotUnderstood[];
  /** Limits that only a person can judge, with what they are about. */
  conditions: { sentence: string; capabilities: string[]; block: number }[];
}

/** Turns limiting sentences into rules, in the order of the text. `all`: every sentence, for what a limit refers back to. */
export function collectLimits(
  statements: Statement[],
  duties: Duty[],
  catalogue: Catalogue,
  all: Statement[] = [],
): CollectedLimits {
  const targets = textsOf(duties, 'target');
  const addresses = textsOf(duties, 'address');
  const used = [
    ...new Set(
      duties.flatMap(({ template }) =>
        capabilitiesOf(template.graphs[0].id, Object.fromEntries(template.graphs.map((graph) => [graph.id, graph]))),
      ),
    ),
  ];
  const collected: CollectedLimits = { rules: [], unclear: [], conditions: [] };
  for (const statement of statements) {
    const { text } = statement;
    const limit = readLimit(text, { catalogue, targets, addresses, used, ...withBefore(statement, all, catalogue) });
    if (limit.kind === 'condition')
      keepCondition(
        collected,
        statement,
        limit.capabilities.filter((one) => used.includes(one)),
      );
    else if (limit.kind === 'unclear') collected.unclear.push({ sentence: text, reason: limit.reason, question: limit.question });
    else if (collected.rules.length + limit.rules.length > MAX_RULES)
      collected.unclear.push({ sentence: text, reason: `A description has ${MAX_RULES} rules at most.` });
    else keepRules(collected, statement, limit.rules, used);
  }
  return collected;
}

function keepRules(collected: CollectedLimits, statement: Statement, rules: PolicyRule[], used: string[]): void {
  const { text } = statement;
  const isUsed = ({ capability, effect, when }: PolicyRule): boolean =>
    effect === 'deny' && when === undefined && used.includes(capability);
  // "Do not write to customers" beside a duty that writes to colleagues: a person tells them apart.
  const judged =
    OUTSIDERS.test(text) || isKeptByPeople(text) || /\b(?:directly|by you|personally|yourself)\b/i.test(text)
      ? rules.filter(isUsed)
      : [];
  if (judged.length > 0)
    keepCondition(
      collected,
      statement,
      judged.map(({ capability }) => capability),
    );
  collected.rules.push(...rules.filter((rule) => !judged.includes(rule)));
  const asked = rules.some(({ effect }) => effect === 'require_approval') ? findApprover(text) : undefined;
  if (asked !== undefined) collected.unclear.push(unknownApprover(text, asked));
}

/** What no rule can see is asked of a person each time. */
function keepCondition(collected: CollectedLimits, { text, block }: Statement, capabilities: string[]): void {
  collected.conditions.push({ sentence: text, capabilities, block });
  for (const capability of capabilities)
    collected.rules.push(
      makeRule({
        capability,
        effect: 'require_approval',
        reason: 'The description limits this by something that only a person can judge.',
        sentence: text,
      }),
    );
}

function withBefore(
  statement: Statement,
  all: Statement[],
  catalogue: Catalogue,
): { before?: { text: string; capabilities: string[] } } {
  const at = all.findIndex(({ text, block }) => block === statement.block && text.includes(statement.text));
  const own = all[at]?.text.slice(0, all[at].text.indexOf(statement.text)).trim() ?? '';
  for (const text of [own, all[at - 1]?.text ?? '', all[at - 2]?.text ?? '']) {
    const capabilities = text === '' ? [] : writesAsked(text, catalogue);
    if (capabilities.length > 0) return { before: { text, capabilities } };
  }
  return {};
}

function textsOf(duties: Duty[], slot: string): string[] {
  return [...new Set(duties.flatMap(({ slots }) => (typeof slots[slot] === 'string' ? [slots[slot]] : [])))];
}

/** Text names people as colleagues do; who that is here, only the manager knows. */
function unknownApprover(sentence: string, name: string): NotUnderstood {
  return {
    sentence,
    reason: `Understood: somebody is asked first. Who ${name} is here is not known, so whoever may decide approvals can answer.`,
    question: `Which user is ${name}?`,
  };
}
