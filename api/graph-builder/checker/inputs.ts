import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import type { CheckProblem } from './problem.ts';
import { graphOf, isLiteral, literalValue, nodePath } from './walk.ts';

/** What a skill node, a nested graph or a foreach hands to a graph must be what that graph takes. */
export function checkInputs(definition: EmployeeDefinition): CheckProblem[] {
  return [
    ...definition.graph.nodes.flatMap(({ id, skill_graph: skill, input }) =>
      checkInput(graphOf(definition, skill), input, `nodes/${id}`),
    ),
    ...Object.entries(definition.skill_graphs).flatMap(([key, graph]) =>
      graph.nodes.flatMap((node) => {
        if (node.kind === 'graph') return checkInput(graphOf(definition, node.graph), node.input, nodePath(key, node.id));
        return node.kind === 'foreach' ? checkInput(graphOf(definition, node.body), node.input, nodePath(key, node.id)) : [];
      }),
    ),
  ];
}

function checkInput(graph: SkillGraph | undefined, input: JsonObject, path: string): CheckProblem[] {
  if (!graph) return [];
  const problems: CheckProblem[] = [];
  for (const [name, { required, default: byDefault }] of Object.entries(graph.input)) {
    if (!required || byDefault !== undefined || Object.hasOwn(input, name)) continue;
    problems.push({
      code: 'parameter_missing',
      path: `${path}/input/${name}`,
      message: `${graph.id} needs ${name}.`,
      next: `Give a value or an expression for ${name}.`,
    });
  }
  for (const [name, value] of Object.entries(input)) {
    const wanted = Object.hasOwn(graph.input, name) ? graph.input[name] : undefined;
    if (!wanted)
      problems.push({
        code: 'parameter_unknown',
        path: `${path}/input/${name}`,
        message: `${graph.id} takes no ${name}.`,
        next: `It takes ${Object.keys(graph.input).join(', ') || 'nothing'}.`,
      });
    else if (isLiteral(value) && typeOf(literalValue(value)) !== wanted.type)
      problems.push({
        code: 'parameter_type',
        path: `${path}/input/${name}`,
        message: `${name} must be of type ${wanted.type}.`,
        next: 'Correct the value.',
      });
  }
  return problems;
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
