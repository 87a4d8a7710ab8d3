import type { JsonObject } from '../../../../contracts/json.ts';
import type { AgentTool } from '../../../../contracts/skill-graph.ts';
import { ClancyError } from '../../../../contracts/errors.ts';
import { compileAnswerCheck } from '../../../../platform/models/answer-check.ts';
import type { NodeOf } from './node-run.ts';
import { isObject } from './resolve.ts';

/** Uses of one turn that are made; the model is told that there were too many. The checker's bound of calls counts by it. */
export const MAX_USES_AT_ONCE = 4;

const MAX_NAME_LENGTH = 60;

export interface NamedTool {
  /** As endpoints want names: letters, digits, `_` and `-`. */
  name: string;
  tool: AgentTool;
  /** What the model gave beside what the tool declares: an attempt at more than the skill lets it do. */
  beyond(input: JsonObject): string | undefined;
  /** What is wrong with what it gave. */
  faultOf(input: JsonObject): string | undefined;
}

/** An agent's tools by the names that the model uses them by. */
export function toolsOf({ tools }: Pick<NodeOf<'agent'>, 'tools'>): NamedTool[] {
  const taken = new Set<string>();
  return tools.map((tool) => {
    const name = freeName(tool.capability.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME_LENGTH), taken);
    taken.add(name);
    return { name, tool, beyond: (input) => strangerIn(tool, input), faultOf: faultFinder(tool) };
  });
}

function freeName(base: string, taken: Set<string>): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base}_${count}`;
    if (!taken.has(name)) return name;
  }
}

/** A model gives what the tool declares and nothing beside it, whether the schema says so or not. */
function strangerIn({ parameters }: AgentTool, input: JsonObject): string | undefined {
  const properties = parameters['properties'];
  const declared = properties !== undefined && isObject(properties) ? properties : {};
  const stranger = Object.keys(input).find((name) => !Object.hasOwn(declared, name));
  return stranger === undefined ? undefined : `the tool takes no ${stranger.slice(0, 100)}`;
}

function faultFinder({ parameters }: AgentTool): NamedTool['faultOf'] {
  const check = compileAnswerCheck(parameters);
  return (input) => {
    try {
      check(input);
      return undefined;
    } catch (error) {
      if (error instanceof ClancyError) return error.message;
      throw error;
    }
  };
}
