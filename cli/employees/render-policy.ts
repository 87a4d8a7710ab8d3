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

function renderRule(rule: PolicyRuleAnswer): string {
  const { capability, effect, when, approvers, reason, sentence } = rule;
  const condition = when === undefined ? '' : ` when ${oneLine(when)}`;
  const who = approvers.length === 0 ? '' : ` (${approvers.map(oneLine).join(', ')})`;
  const why = [oneLine(reason), ...(sentence === undefined ? [] : [`"${oneLine(sentence)}"`])].filter((text) => text !== '');
  return `${EFFECTS[effect] ?? oneLine(effect)} ${oneLine(capability)}${condition}${who}${renderSilence(rule)}\n   ${why.join(' ')}`;
}

const SILENCE: { readonly [word: string]: string } = { reject: 'is a no', fail: 'fails the run' };

/** `, 24 h of silence fails the run`; nothing for rules that ask nobody. */
function renderSilence({ effect, timeout_seconds: seconds, on_timeout: word }: PolicyRuleAnswer): string {
  if (effect !== 'require_approval' || seconds === undefined || word === undefined) return '';
  const time = seconds % 3600 === 0 ? `${seconds / 3600} h` : `${seconds} s`;
  return `, ${time} of silence ${SILENCE[word] ?? oneLine(word)}`;
}
