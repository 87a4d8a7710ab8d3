import { ask } from '../burst-context.ts';
import type { NodeRun } from './node-run.ts';

/** Asks a person; the answer is an output, also when it is no. */
export const runApproval: NodeRun<'approval'> = ({ question, details, timeout_seconds }, { context, path, scope }) =>
  ask(context, path, async () => {
    const [text, more] = await Promise.all([
      context.expressions.resolveTemplate(question, scope),
      context.expressions.resolveTemplate(details ?? null, scope),
    ]);
    return {
      kind: 'approval',
      path,
      question: typeof text === 'string' ? text : JSON.stringify(text),
      details: more,
      timeout_seconds,
    };
  });
