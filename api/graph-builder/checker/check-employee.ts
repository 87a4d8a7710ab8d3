import type { Catalogue } from '../../../contracts/capability.ts';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { checkCalls } from './calls.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkEmployeeGraph } from './employee-graph.ts';
import { checkExpressions } from './expressions.ts';
import { checkInputs } from './inputs.ts';
import { checkParallel } from './parallel.ts';
import { checkParameters } from './parameters.ts';
import { checkPolicy } from './policy.ts';
import type { CheckProblem } from './problem.ts';
import { checkReferences } from './references.ts';
import { checkSchemas } from './schemas.ts';
import { checkSecrets } from './secrets.ts';
import { withSentences } from './sentences.ts';
import { checkSkillGraph } from './skill-graph.ts';
import { checkSupervisors } from './supervisors.ts';
import { checkVisits } from './visits.ts';

/**
 * Everything that can be known to be wrong with a definition before it runs. Pure; never throws on a definition that
 * its schema accepts. Graphs of the built-in builder, of a model and of people go through the same door.
 */
export function checkEmployee(definition: EmployeeDefinition, catalogue: Catalogue): CheckProblem[] {
  const references = checkReferences(definition);
  const shape = [
    ...checkEmployeeGraph(definition),
    ...Object.entries(definition.skill_graphs).flatMap(([id, graph]) => checkSkillGraph(id, graph)),
    ...references,
    ...checkExpressions(definition),
    ...checkInputs(definition),
    ...checkParameters(definition, catalogue),
    ...checkSchemas(definition),
    ...checkCapabilities(definition, catalogue),
    ...checkPolicy(definition, catalogue),
    ...checkParallel(definition, catalogue),
    ...checkSupervisors(definition),
    ...checkVisits(definition.graph),
    ...checkSecrets(definition),
  ];
  // The bound of a graph that contains itself does not exist.
  const isRecursive = references.some(({ code }) => code === 'graph_recursive');
  return withSentences(isRecursive ? shape : [...shape, ...checkCalls(definition)], definition);
}
