import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Catalogue } from '../../../contracts/capability.ts';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { MicroAgent } from '../../../contracts/skill-graph.ts';
import { jsonObjectSchema, type Json, type JsonObject } from '../../../contracts/json.ts';
import { findCapability } from '../catalogue.ts';
import type { CheckProblem } from './problem.ts';
import { isLiteral, literalValue, nodePath } from './walk.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const validators = new WeakMap<JsonObject, ValidateFunction>();

/** Parameters of calls against the capability's JSON Schema, as far as they stand before the run. */
export function checkParameters(definition: EmployeeDefinition, catalogue: Catalogue): CheckProblem[] {
  return Object.entries(definition.skill_graphs).flatMap(([key, graph]) =>
    graph.nodes.flatMap((node) =>
      callsOf(node).flatMap(({ name, parameters, given, path }) => {
        const schema = findCapability(catalogue, name)?.input_schema;
        return schema ? checkCall({ ...given, ...parameters }, schema, nodePath(key, node.id) + path, name) : [];
      }),
    ),
  );
}

interface CheckedCall {
  name: string;
  parameters: JsonObject;
  /** What a model gives: known by its name only. */
  given: JsonObject;
  path: string;
}

function callsOf(node: MicroAgent): CheckedCall[] {
  if (node.kind === 'capability') return [{ name: node.capability, parameters: node.parameters, given: {}, path: '' }];
  if (node.kind !== 'agent') return [];
  return node.tools.map(({ capability, parameters, fixed }, at) => {
    const offered = Object.keys(jsonObjectSchema.safeParse(parameters['properties']).data ?? {});
    const given = Object.fromEntries(offered.map((field) => [field, '=input']));
    return { name: capability, parameters: fixed, given, path: `/tools/${at}` };
  });
}

function checkCall(parameters: JsonObject, schema: JsonObject, path: string, name: string): CheckProblem[] {
  const properties = jsonObjectSchema.safeParse(schema['properties']).data ?? {};
  const required = Array.isArray(schema['required']) ? schema['required'].filter((field) => typeof field === 'string') : [];
  const problems: CheckProblem[] = required
    .filter((field) => !Object.hasOwn(parameters, field))
    .map((field) => ({
      code: 'parameter_missing',
      path: `${path}/parameters/${field}`,
      message: `${name} needs ${field}.`,
      next: `Give a value or an expression for ${field}.`,
    }));
  for (const [field, template] of Object.entries(parameters)) {
    const wanted = Object.hasOwn(properties, field) ? properties[field] : undefined;
    if (wanted === undefined && schema['additionalProperties'] === false) {
      problems.push({
        code: 'parameter_unknown',
        path: `${path}/parameters/${field}`,
        message: `${name} takes no ${field}.`,
        next: `It takes ${Object.keys(properties).join(', ')}.`,
      });
    }
    const fault = wanted !== undefined && isLiteral(template) ? valueFault(wanted, literalValue(template)) : undefined;
    if (fault !== undefined)
      problems.push({
        code: 'parameter_type',
        path: `${path}/parameters/${field}`,
        message: `${field} of ${name} ${fault}.`,
        next: 'Correct the value.',
      });
  }
  return problems;
}

function validatorOf(schema: JsonObject): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const validate = ajv.compile(schema);
  // Ajv would keep every schema it ever saw; catalogues come and go.
  ajv.removeSchema(schema);
  validators.set(schema, validate);
  return validate;
}

function valueFault(schema: Json, value: Json): string | undefined {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined;
  const validate = validatorOf(schema);
  return validate(value) ? undefined : (validate.errors?.[0]?.message ?? 'does not fit');
}
