import type { PolicyRuleAnswer } from '../client/answers/employees.ts';
import { oneLine } from '../output/plain-text.ts';

const EFFECTS: { readonly [effect: string]: string } = {
  allow: 'may use',
  deny: 'must not use',
  require_approval: 'asks before',
};

/** The rules in the order in which they decide, each with its reason and the sentence that it came from. */
export function renderPolicy(policy: readonly PolicyRuleAnswer[]): string {
  return policy.map((rule, index) => `${index + 1}. ${renderRule(rule)}`).join('\n');
}

function renderRule({ capability, effect, when, approvers, reason, sentence }: PolicyRuleAnswer): string {
  const condition = when === undefined ? '' : ` when ${oneLine(when)}`;
  const who = approvers.length === 0 ? '' : ` (${approvers.map(oneLine).join(', ')})`;
  const why = [oneLine(reason), ...(sentence === undefined ? [] : [`"${oneLine(sentence)}"`])].filter((text) => text !== '');
  return `${EFFECTS[effect] ?? oneLine(effect)} ${oneLine(capability)}${condition}${who}\n   ${why.join(' ')}`;
}
