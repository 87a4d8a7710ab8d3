import type { ErrorCode } from '../contracts/errors.ts';
import type { ItemPart } from '../contracts/ids.ts';
import type { Json } from '../contracts/json.ts';
import { makeCall } from './calls.ts';
import type { CallRequest } from './calls.ts';
import { RunFailure } from './failures.ts';
import type { Skill } from './skill.ts';

/**
 * A no to this very call. What is missing for every call (a grant, a connection, the budget) is none, nor is a question
 * whose rule says that silence fails the run.
 */
const NO: ReadonlySet<ErrorCode> = new Set(['policy_denied', 'parameters_invalid', 'provider_refused']);

/** The call of a `capability` node, and its output: what the provider answered, or the no that the node goes on with. */
export async function callOfNode(skill: Skill, items: ItemPart[], request: CallRequest): Promise<Json> {
  try {
    return await makeCall(skill, items, request);
  } catch (error) {
    const goesOn = request.on_refused === 'continue' && error instanceof RunFailure && NO.has(error.code);
    if (!goesOn) throw error;
    return { refused: { code: error.code, message: error.message } };
  }
}
