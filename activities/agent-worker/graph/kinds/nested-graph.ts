import { resolveObject } from './resolve.ts';
import type { NodeRun } from './node-run.ts';

/** A skill graph inside a skill graph. */
export const runNestedGraph: NodeRun<'graph'> = async ({ graph, input }, { context, scope, runGraph }) =>
  runGraph(graph, await resolveObject(context.expressions, input, scope));
