import type { Catalogue } from '../../../contracts/capability.ts';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { ClancyError } from '../../../contracts/errors.ts';
import { checkEmployee } from './check-employee.ts';

/**
 * Every definition ends in the checker, whoever made it.
 * @throws ClancyError `graph_invalid` with every problem, the first of them in words.
 */
export function assertChecked(definition: EmployeeDefinition, catalogue: Catalogue): void {
  const problems = checkEmployee(definition, catalogue);
  const [first] = problems;
  if (!first) return;
  const more = problems.length === 1 ? '' : ` There are ${problems.length - 1} problems more.`;
  throw new ClancyError('graph_invalid', `${first.path}: ${first.message}${more}`, { next: first.next, extra: { problems } });
}
