import { ClancyError } from '../../../../contracts/errors.ts';
import type { Json, JsonObject } from '../../../../contracts/json.ts';
import { valueOf } from '../../../../platform/expressions/expressions.ts';
import type { ExpressionJob } from '../../../../platform/expressions/expressions.ts';
import { ask } from '../burst-context.ts';
import { isObject } from './resolve.ts';
import type { NodeOf, NodeRun, NodeTask } from './node-run.ts';

/** Asks the workflow to run the body once per item, each as a burst thread of its own. Output: their outputs in order. */
export const runForeach: NodeRun<'foreach'> = (node, task) =>
  ask(task.context, task.path, async () => {
    const items = await itemsOf(node, task);
    return {
      kind: 'foreach',
      path: task.path,
      body: node.body,
      items,
      inputs: await inputsOf(node, items, task),
      max_parallel: node.max_parallel,
    };
  });

/** JSONata gives a list of one as the one, and an empty list as nothing. */
async function itemsOf(node: NodeOf<'foreach'>, { context, scope }: NodeTask): Promise<Json[]> {
  const value = await context.expressions.evaluate(node.items, scope);
  const items = value === null ? [] : Array.isArray(value) ? value : [value];
  if (items.length > node.max_items) {
    throw new ClancyError('budget_exceeded', `${items.length} items, but ${node.id} may take ${node.max_items} at most`);
  }
  return items;
}

async function inputsOf(node: NodeOf<'foreach'>, items: Json[], { context, scope }: NodeTask): Promise<JsonObject[]> {
  const jobs = items.map((item, index): ExpressionJob => ({ kind: 'template', template: node.input, locals: { item, index } }));
  const outcomes = await context.expressions.batch(jobs, scope);
  return outcomes.map((outcome) => {
    const input = valueOf(outcome);
    return isObject(input) ? input : {};
  });
}
