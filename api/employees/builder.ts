import type { Catalogue } from '../../contracts/capability.ts';
import type { EmployeeDefinition, Explanation } from '../../contracts/employee-graph.ts';

/** What turns words into a checked definition, and a definition into a picture: `api/graph-builder`. */
export interface EmployeeBuilder {
  /** @throws ClancyError `nothing_understood` or `graph_invalid`. */
  build(input: {
    employeeId: string;
    jobDescription: string;
    catalogue: Catalogue;
  }): Promise<{ definition: EmployeeDefinition; explanation: Explanation }>;
  /** Mermaid source of the employee's graph. */
  toMermaid(definition: EmployeeDefinition): string;
}
