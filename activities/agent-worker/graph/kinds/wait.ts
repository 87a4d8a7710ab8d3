import { ClancyError } from '../../../../contracts/errors.ts';
import { ask } from '../burst-context.ts';
import type { NodeRun } from './node-run.ts';

const MAX_WAIT_SECONDS = 90 * 86_400;

/** A durable timer of the workflow. */
export const runWait: NodeRun<'wait'> = ({ seconds }, { context, path, scope }) =>
  ask(context, path, async () => {
    const value = await context.expressions.resolveTemplate(seconds, scope);
    if (typeof value !== 'number' || !(value >= 0 && value <= MAX_WAIT_SECONDS)) {
      throw new ClancyError('expression_failed', 'a wait takes from 0 to 7776000 seconds (90 days)');
    }
    return { kind: 'wait', path, seconds: value };
  });
