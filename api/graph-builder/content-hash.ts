import { canonicalHash } from '../../contracts/digest.ts';
import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';

/** SHA-256 in hex over the definition's canonical JSON: equal definitions have equal hashes, whatever their key order. */
export function contentHash(definition: EmployeeDefinition): string {
  return canonicalHash(definition);
}
