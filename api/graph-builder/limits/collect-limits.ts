import type { Catalogue } from '../../../contracts/capability.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import type { Duty, NotUnderstood } from '../match/duty.ts';
import { findApprover } from '../slots/people.ts';
import type { Statement } from '../text/statements.ts';
import { readLimit } from './read-limit.ts';

/** Most limits of one description that become rules. */
const MAX_RULES = 100;

export interface CollectedLimits {
  rules: PolicyRule[];
  unclear: NotUnderstood[];
}

/** Turns limiting sentences into rules, in the order of the text. */
export function collectLimits(statements: Statement[], duties: Duty[], catalogue: Catalogue): CollectedLimits {
  const targets = [...new Set(duties.flatMap(({ slots }) => (typeof slots['target'] === 'string' ? [slots['target']] : [])))];
  const collected: CollectedLimits = { rules: [], unclear: [] };
  for (const { text } of statements) {
    const limit = readLimit(text, { catalogue, targets });
    if (limit.kind === 'unclear') collected.unclear.push({ sentence: text, reason: limit.reason, question: limit.question });
    else if (collected.rules.length + limit.rules.length > MAX_RULES)
      collected.unclear.push({ sentence: text, reason: `A description has ${MAX_RULES} rules at most.` });
    else {
      collected.rules.push(...limit.rules);
      const asked = limit.rules.some(({ effect }) => effect === 'require_approval') ? findApprover(text) : undefined;
      if (asked !== undefined) collected.unclear.push(unknownApprover(text, asked));
    }
  }
  return collected;
}

/** Text names people as colleagues do; who that is here, only the manager knows. */
function unknownApprover(sentence: string, name: string): NotUnderstood {
  return {
    sentence,
    reason: `Understood: somebody is asked first. Who ${name} is here is not known, so whoever may decide approvals can answer.`,
    question: `Which user is ${name}?`,
  };
}
