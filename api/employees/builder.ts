import type { Catalogue, Risk } from '../../contracts/capability.ts';
import type { EmployeeDefinition, Explanation } from '../../contracts/employee-graph.ts';

/** What turns words into a checked definition, and a definition into a picture: `api/graph-builder`. */
export interface EmployeeBuilder {
  /** @throws ClancyError `nothing_understood`, `graph_invalid` or `payload_too_large`. */
  build(input: { jobDescription: string; catalogue: Catalogue; graphId: string }): Promise<{
    name: string;
    definition: EmployeeDefinition;
    explanation: Explanation;
  }>;
  /** @throws ClancyError `graph_invalid` for a definition that people changed and that cannot be run so. */
  check(definition: EmployeeDefinition, catalogue: Catalogue): void;
  /** Mermaid source of the employee's graph. */
  toMermaid(definition: EmployeeDefinition): string;
  /** The same as an SVG picture; what changes something is marked by what the catalogue said of its capabilities. */
  toSvg(definition: EmployeeDefinition, riskOf: (capability: string) => Risk | undefined): string;
}
