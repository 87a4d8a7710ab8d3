import { ClancyError } from '../../../../contracts/errors.ts';
import type { NodeRun } from './node-run.ts';

/** A model's structured answer. Only bursts that run as activities of their own reach it (workflows/skill-run.ts). */
export const runModel: NodeRun<'model'> = async ({ instructions, input, schema }, { context, scope }) => {
  if (!context.model) {
    throw new ClancyError('model_failed', 'this skill asks a model, and no model is configured for the workers');
  }
  return context.model.answer({
    instructions,
    data: await context.expressions.resolveTemplate(input, scope),
    schema,
    ...(context.signal && { signal: context.signal }),
  });
};
