import { canonicalHash } from '../../contracts/digest.ts';
import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { makeGraphId } from '../../contracts/ids.ts';
import type { VersionRow } from './find.ts';

/** A definition that belongs to nobody yet. */
export type Content = Omit<EmployeeDefinition, 'graph'> & { graph: Omit<EmployeeDefinition['graph'], 'graph_id'> };

/** SHA-256 (hex) of the canonical JSON of a definition, without whose it is. */
export function contentHashOf(definition: EmployeeDefinition | Content): string {
  return canonicalHash(contentOf(definition));
}

export function contentOf({ graph, ...rest }: EmployeeDefinition | Content): Content {
  const { graph_id: _whose, ...content } = { graph_id: '', ...graph };
  return { ...rest, graph: content };
}

/**
 * A version is what it was when it was made: its content has the hash that was kept with it, and it is whose it says.
 * Asked before anything begins or goes on with it.
 *
 * @throws ClancyError `content_mismatch`
 */
export function assertIntact({ employeeId, version, definition, contentHash }: VersionRow): void {
  const isOwn = definition.graph.graph_id === makeGraphId(employeeId, version);
  // Versions of before were hashed with their graph's id.
  if (isOwn && (contentHashOf(definition) === contentHash || canonicalHash(definition) === contentHash)) return;
  throw new ClancyError('content_mismatch', `Version ${version} of ${employeeId} is not what it was when it was made.`, {
    next: 'Nothing is started of it. Activate another version, and find out who changed the database.',
  });
}
