import { ClancyError } from '../../../../contracts/errors.ts';
import type { NodeRun } from './node-run.ts';

/** Gives the value, as text, by which the ways out are chosen. */
export const runBranch: NodeRun<'branch'> = async ({ expression }, { context, scope }) => {
  const value = await context.expressions.evaluate(expression, scope);
  if (typeof value === 'object' && value !== null) {
    throw new ClancyError('expression_failed', 'a branch is chosen by a text, a number or a truth value');
  }
  return String(value);
};
