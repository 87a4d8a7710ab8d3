import fc from 'fast-check';
import { MAX_CALLS_PER_RUN, callBound } from '../../api/graph-builder/checker/calls.ts';
import { checkEmployee } from '../../api/graph-builder/checker/check-employee.ts';
import { visitBounds } from '../../api/graph-builder/checker/visits.ts';
import { productCatalogue } from '../../api/graph-builder/testing/product-catalogue.ts';
import { employeeDefinitionSchema, type EmployeeDefinition } from '../../contracts/employee-graph.ts';
import { jsonSchema } from '../../contracts/json.ts';
import type { Expressions } from '../../platform/expressions/expressions.ts';
import { BREAKS } from './breaks.ts';
import { callable, generateEmployee } from './generate-employee.ts';
import { oneOf, picks } from './pick.ts';
import { runDefinition, type Ended } from './run-definition.ts';
import { shuffle } from './shuffle.ts';
import { createWorld } from './world.ts';

const catalogue = productCatalogue();
const capabilities = callable(catalogue);

/** How many graphs met which end. */
export interface Counts {
  [end: string]: number;
}

const count = (counts: Counts, end: string): void => {
  counts[end] = (counts[end] ?? 0) + 1;
};

async function run(definition: EmployeeDefinition, expressions: Expressions): Promise<Ended> {
  const world = createWorld(definition, catalogue, expressions.evaluate);
  const ended = await runDefinition(definition, world, expressions);
  assertWithinBounds(
    definition,
    ended,
    world.effects.map(({ capability }) => capability),
  );
  return ended;
}

/** What the checker promises of a run: no more visits and calls than it counted, nothing that was not granted. */
function assertWithinBounds(definition: EmployeeDefinition, { visits, calls }: Ended, effects: string[]): void {
  for (const [id, most] of visitBounds(definition.graph)) {
    if ((visits[id] ?? 0) > most) throw new Error(`${id} was visited ${visits[id]} times of ${most}`);
  }
  const bound = callBound(definition);
  if (calls > bound || bound > MAX_CALLS_PER_RUN) throw new Error(`${calls} calls were made, ${bound} were counted`);
  const beyond = effects.find((capability) => !definition.capabilities.includes(capability));
  if (beyond !== undefined) throw new Error(`${beyond} was not granted`);
}

/** Random employees that are sound by their making: those that the checker accepts complete. */
export function soundGraphs(expressions: Expressions, counts: Counts) {
  return fc.asyncProperty(picks(), async (pick) => {
    const definition = generateEmployee(pick, catalogue, capabilities);
    const [problem] = checkEmployee(definition, catalogue);
    if (problem) return count(counts, `refused: ${problem.code}`);
    const { code, message } = await run(definition, expressions);
    count(counts, code);
    if (code !== 'completed') throw new Error(`ended with ${code}: ${message}`);
  });
}

/** Ends that only data can bring about; no check before the run can foresee them. */
const BY_DATA = new Set([
  'completed',
  'expression_failed',
  'expression_limit',
  'parameters_invalid',
  'budget_exceeded',
  'payload_too_large',
  'policy_denied',
  'model_failed',
]);

/** Employees with anything changed anywhere: those that the checker accepts come to an end within their bounds. */
export function shuffledGraphs(expressions: Expressions, counts: Counts) {
  return fc.asyncProperty(picks(), async (pick) => {
    const sound = generateEmployee(pick, catalogue, capabilities);
    const read = employeeDefinitionSchema.safeParse(shuffle(jsonSchema.parse(sound), pick));
    if (!read.success) return count(counts, 'refused: not of the form');
    const [problem] = checkEmployee(read.data, catalogue);
    if (problem) return count(counts, `refused: ${problem.code}`);
    const { code, message } = await run(read.data, expressions);
    count(counts, code);
    if (!BY_DATA.has(code)) throw new Error(`ended with ${code}: ${message}`);
  });
}

/** Employees with one thing that cannot run: the checker names it, at its place, with a sentence where there is one. */
export function brokenGraphs(counts: Counts) {
  return fc.property(picks(), (pick) => {
    const definition = structuredClone(generateEmployee(pick, catalogue, capabilities));
    const one = oneOf(pick, BREAKS)!;
    if (!one.apply(definition, pick)) return count(counts, 'no place');
    const problems = checkEmployee(definition, catalogue);
    count(counts, one.code);
    const found = problems.find(({ code }) => code === one.code);
    if (!found)
      throw new Error(`${one.what}: expected ${one.code}, found ${problems.map(({ code }) => code).join(', ') || 'nothing'}`);
    // Each skill of these employees comes from a sentence.
    const isInSkill = /^(?:nodes|edges|skill_graphs)\//.test(found.path);
    if (found.next === '' || (isInSkill && found.sentence === undefined)) {
      throw new Error(`${one.what}: ${found.path} says neither its sentence nor what to do`);
    }
  });
}
