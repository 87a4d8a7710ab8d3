import { findCapability } from '../../api/graph-builder/catalogue.ts';
import { decide, type Evaluate } from '../../connecthub/proxy/decide.ts';
import type { Catalogue } from '../../contracts/capability.ts';
import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Model } from '../../platform/models/structured-model.ts';
import { fits, valueOf } from './schema-values.ts';

export interface CallOf {
  capability: string;
  parameters: JsonObject;
  skill: string;
}

/** What an employee meets: providers that answer as their schemas say, people who say yes, a model that answers. */
export interface World {
  /** The answer, or the code with which the call is refused. */
  call(asked: CallOf): Promise<{ result: Json } | { refused: string }>;
  model: Model;
  /** Calls made so far, refused ones too. */
  calls(): number;
  /** Effects that were made, in order. */
  effects: CallOf[];
}

/** The instant of the run: expressions know no other. */
export const NOW = '2026-11-24T10:00:00.000Z';
/** Length of the lists that are answered. */
const LIST = 3;

/**
 * A small world that keeps what was done to it. It refuses as ConnectHub does: what the employee has no grant for, parameters
 * that do not fit, and what the policy denies; people approve whatever they are asked.
 */
export function createWorld({ policy, capabilities }: EmployeeDefinition, catalogue: Catalogue, evaluate: Evaluate): World {
  const effects: CallOf[] = [];
  let made = 0;
  return {
    async call(asked) {
      made += 1;
      const { capability, parameters, skill } = asked;
      const known = findCapability(catalogue, capability);
      if (!known || !capabilities.includes(capability)) return { refused: 'permission_missing' };
      if (!fits(known.input_schema, parameters)) return { refused: 'parameters_invalid' };
      const { effect } = await decide(policy, { capability, risk: known.risk, parameters, skill, now: NOW }, evaluate);
      if (effect === 'deny') return { refused: 'policy_denied' };
      if (known.risk !== 'read') effects.push(asked);
      return { result: valueOf(known.output_schema, Math.min(LIST, 1 + effects.length)) ?? {} };
    },
    model: createAnsweringModel(),
    calls: () => made,
    effects,
  };
}

/** Uses its first tool once, then answers in the shape that is asked for. */
function createAnsweringModel(): Model {
  const answerTo = (schema: JsonObject): JsonObject => {
    const value = valueOf(schema, 1);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  };
  return {
    answer: async ({ schema }) => answerTo(schema),
    next: async ({ tools, turns }) => {
      const tool = (turns.length === 0 ? tools[0] : undefined) ?? tools.at(-1);
      if (!tool) throw new TypeError('a model is given a tool at least');
      return [{ id: `use_${turns.length}`, name: tool.name, input: answerTo(tool.schema) }];
    },
  };
}
