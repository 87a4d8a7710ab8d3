import type { NodeRun } from './node-run.ts';

/** An expression over what is known. */
export const runTransform: NodeRun<'transform'> = ({ expression }, { context, scope }) =>
  context.expressions.evaluate(expression, scope);
