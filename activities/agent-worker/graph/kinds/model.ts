import { ClancyError } from '../../../../contracts/errors.ts';
import type { Json } from '../../../../contracts/json.ts';
import { ModelUnavailable } from '../../../../platform/models/structured-model.ts';
import type { NodeOf, NodeRun, NodeTask } from './node-run.ts';

/** A model's structured answer. Only bursts that run as activities of their own reach it (workflows/skill-run.ts). */
export const runModel: NodeRun<'model'> = async (node, task) => {
  if (node.fallback === undefined) return answerOf(node, task);
  try {
    return await answerOf(node, task);
  } catch (error) {
    const isModels = error instanceof ModelUnavailable || (error instanceof ClancyError && error.code === 'model_failed');
    if (!isModels) throw error;
    const reason = error.message.slice(0, 300);
    return task.context.expressions.resolveTemplate(node.fallback, { ...task.scope, reason });
  }
};

async function answerOf({ instructions, input, schema }: NodeOf<'model'>, { context, scope }: NodeTask): Promise<Json> {
  if (!context.model) {
    throw new ClancyError('model_failed', 'this skill asks a model, and no model is configured for the workers');
  }
  return context.model.answer({
    instructions,
    data: await context.expressions.resolveTemplate(input, scope),
    schema,
    ...(context.signal && { signal: context.signal }),
  });
}
