import { ApplicationFailure } from '@temporalio/activity';
import { ClancyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { MAX_PAYLOAD_BYTES } from '../../contracts/run.ts';
import type { EvaluateEdgesResult, WorkerActivities } from '../../contracts/worker-activities.ts';
import { valueOf } from '../../platform/expressions/expressions.ts';
import type { ExpressionJob, Expressions } from '../../platform/expressions/expressions.ts';
import { isObject } from './graph/kinds/resolve.ts';

/** The local activity `evaluateEdges`: edge conditions of the employee graph and the inputs of its skills, in one hop. */
export function createEvaluateEdges(deps: { expressions: Expressions }): WorkerActivities['evaluateEdges'] {
  return async ({ edges, inputs, scope }) => {
    const nodes = Object.keys(inputs);
    const jobs: ExpressionJob[] = [
      ...edges.map(({ when }): ExpressionJob => ({ kind: 'expression', source: when })),
      ...nodes.map((node): ExpressionJob => ({ kind: 'template', template: inputs[node] ?? {} })),
    ];
    try {
      const values = (await deps.expressions.batch(jobs, scope)).map(valueOf);
      return fitting({
        taken: Object.fromEntries(edges.map(({ id, when }, index) => [id, truthOf(values[index] ?? null, when)])),
        inputs: Object.fromEntries(nodes.map((node, index) => [node, objectOf(values[edges.length + index] ?? null)])),
      });
    } catch (error) {
      throw asFailure(error);
    }
  };
}

/** What has no value is not taken; anything but a truth value is a mistake in the graph. */
function truthOf(value: Json, when: string): boolean {
  if (value === null || typeof value === 'boolean') return value === true;
  throw new ClancyError('expression_failed', `the condition of an edge must be true or false: ${when.slice(0, 100)}`);
}

function objectOf(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

function fitting(result: EvaluateEdgesResult): EvaluateEdgesResult {
  const bytes = Buffer.byteLength(JSON.stringify(result));
  if (bytes <= MAX_PAYLOAD_BYTES) return result;
  throw new ClancyError('payload_too_large', `the skills' inputs are ${bytes} bytes, and ${MAX_PAYLOAD_BYTES} is the limit`);
}

/** Expected failures carry their code as type and are not tried again. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof ClancyError)) return error;
  return ApplicationFailure.create({ type: error.code, message: error.message, nonRetryable: true });
}
