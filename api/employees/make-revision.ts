import type { Catalogue } from '../../contracts/capability.ts';
import type { EmployeeDefinition, Explanation } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { Policy } from '../../contracts/policy.ts';
import type { EmployeeBuilder } from './builder.ts';
import type { VersionRow } from './find.ts';

/** What is asked for: another job description, or another policy. */
export type AskedRevision = { jobDescription: string } | { policy: Policy };

export interface Revision {
  jobDescription: string;
  definition: EmployeeDefinition;
  explanation: Explanation;
  /** Version whose graph, description and explanation it keeps. */
  basedOn: number | undefined;
}

/** @throws ClancyError `invalid_request` where both are asked for, or neither. */
export function assertOneRevision(body: {
  job_description?: string | undefined;
  policy?: Policy | undefined;
  base_version?: number | undefined;
}): AskedRevision {
  const { job_description: jobDescription, policy, base_version: baseVersion } = body;
  if (jobDescription !== undefined && policy === undefined && baseVersion === undefined) return { jobDescription };
  if (policy !== undefined && jobDescription === undefined) return { policy };
  throw new ClancyError('invalid_request', 'A new version is made of a job description or of a policy, one of the two.', {
    next: 'Send { "job_description" }, or { "policy" } and, for another graph than the newest, "base_version".',
  });
}

/**
 * The definition of the next version. Another policy keeps all else of its base: its words, and what was made of them.
 * @throws ClancyError `nothing_understood`, `graph_invalid`, `payload_too_large`.
 */
export async function makeRevision(
  builder: Pick<EmployeeBuilder, 'build' | 'check'>,
  { asked, base, catalogue, graphId }: { asked: AskedRevision; base: VersionRow; catalogue: Catalogue; graphId: string },
): Promise<Revision> {
  if ('jobDescription' in asked) {
    const { definition, explanation } = await builder.build({ ...asked, catalogue, graphId });
    return { jobDescription: asked.jobDescription, definition, explanation, basedOn: undefined };
  }
  const { jobDescription, explanation } = base;
  const graph = { ...base.definition.graph, graph_id: graphId };
  const definition = { ...base.definition, graph, policy: asked.policy };
  builder.check(definition, catalogue);
  return { jobDescription, definition, explanation, basedOn: base.version };
}
