import { Ajv2020 } from 'ajv/dist/2020.js';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { MicroAgent } from '../../../contracts/skill-graph.ts';
import type { CheckProblem } from './problem.ts';
import { nodePath } from './walk.ts';

const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });

/** What a model is asked for, and what it gives to its tools, must be described by JSON Schemas. */
export function checkSchemas({ skill_graphs: graphs }: EmployeeDefinition): CheckProblem[] {
  return Object.entries(graphs).flatMap(([key, { nodes }]) =>
    nodes.flatMap((node) =>
      schemasOf(node).flatMap(({ schema, part }) => {
        const fault = faultOf(schema);
        if (fault === undefined) return [];
        const path = `${nodePath(key, node.id)}/${part}`;
        return [
          { code: 'schema_invalid' as const, path, message: `This is no JSON Schema: ${fault}`, next: 'Correct the schema.' },
        ];
      }),
    ),
  );
}

function schemasOf(node: MicroAgent): { schema: JsonObject; part: string }[] {
  if (node.kind === 'model') return [{ schema: node.schema, part: 'schema' }];
  if (node.kind !== 'agent') return [];
  return [
    { schema: node.schema, part: 'schema' },
    ...node.tools.map(({ parameters }, at) => ({ schema: parameters, part: `tools/${at}/parameters` })),
  ];
}

/** As the workers compile it. Ajv would keep every schema that it ever saw, and two people's may share an `$id`. */
function faultOf(schema: JsonObject): string | undefined {
  try {
    ajv.compile(schema);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : 'unreadable').slice(0, 200);
  } finally {
    // All of them: an `$id` that is no text cannot be looked for.
    ajv.removeSchema();
  }
}
