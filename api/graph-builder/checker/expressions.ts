import jsonata from 'jsonata';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { MicroAgent, Remember } from '../../../contracts/skill-graph.ts';
import type { CheckProblem } from './problem.ts';
import { expressionsIn, nodePath } from './walk.ts';

/** Taken away at run time: they run text as code, or make a repetition differ from the first time. */
const FORBIDDEN = /\$(?:eval|now|millis|random|shuffle)\b/;

/** Every expression must compile and use no function that is taken away. */
export function checkExpressions(definition: EmployeeDefinition): CheckProblem[] {
  const { graph, skill_graphs: graphs, policy } = definition;
  return [
    ...graph.nodes.flatMap(({ id, input }) => expressionsIn(input).flatMap((text) => checkExpression(text, `nodes/${id}`))),
    ...graph.edges.flatMap(({ when }, at) => (when === undefined ? [] : checkExpression(when, `edges/${at}`))),
    ...policy.flatMap(({ when, sentence }, at) => (when === undefined ? [] : checkExpression(when, `policy/${at}`, sentence))),
    ...Object.entries(graphs).flatMap(([key, skill]) => [
      ...skill.nodes.flatMap((node) => expressionsOf(node).flatMap((text) => checkExpression(text, nodePath(key, node.id)))),
      ...expressionsIn(skill.output).flatMap((text) => checkExpression(text, `skill_graphs/${key}/output`)),
      ...(skill.remember ?? []).flatMap((one, at) =>
        expressionsToRemember(one).flatMap((text) => checkExpression(text, `skill_graphs/${key}/remember/${at}`)),
      ),
    ]),
  ];
}

/** The expressions of a micro-agent, templates included. */
export function expressionsOf(node: MicroAgent): string[] {
  switch (node.kind) {
    case 'capability':
      return expressionsIn(node.parameters);
    case 'transform':
    case 'branch':
      return [node.expression];
    case 'foreach':
      return [node.items, ...expressionsIn(node.input)];
    case 'graph':
      return expressionsIn(node.input);
    case 'wait':
      return expressionsIn(node.seconds);
    case 'approval':
      return [...expressionsIn(node.question), ...expressionsIn(node.details)];
    case 'agent':
      return [
        ...expressionsIn(node.instructions),
        ...expressionsIn(node.input),
        ...node.tools.flatMap(({ fixed }) => expressionsIn(fixed)),
      ];
    case 'model':
      break;
  }
  return [...expressionsIn(node.instructions), ...expressionsIn(node.input), ...expressionsIn(node.fallback)];
}

/** The expressions of what a graph asks to be remembered. */
export function expressionsToRemember({ key, value, when, for_each: items }: Remember): string[] {
  return [...expressionsIn(key), ...expressionsIn(value), ...[when, items].filter((text) => text !== undefined)];
}

function checkExpression(text: string, path: string, sentence?: string): CheckProblem[] {
  const about = { path, ...(sentence !== undefined && { sentence }) };
  const fault = compileFault(text);
  if (fault !== undefined)
    return [
      {
        code: 'expression_invalid',
        ...about,
        message: `The expression does not compile: ${fault}`,
        next: 'Correct the JSONata expression.',
      },
    ];
  const forbidden = FORBIDDEN.exec(withoutStrings(text));
  if (!forbidden) return [];
  return [
    {
      code: 'expression_forbidden',
      ...about,
      message: `The expression uses ${forbidden[0]}, which is taken away.`,
      next: 'Use `now` of the scope for the time; leave chance out.',
    },
  ];
}

function compileFault(text: string): string | undefined {
  try {
    jsonata(text);
    return undefined;
  } catch (error) {
    return (typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'unreadable').slice(
      0,
      200,
    );
  }
}

function withoutStrings(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""');
}
