import type { Catalogue } from '../../contracts/capability.ts';
import type { EmployeeDefinition, TriggerProposal } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { buildEmployee, isRouter } from '../../api/graph-builder/index.ts';

/** What the builder made of a text, as far as it is scored. */
export interface Made {
  /** Absent: no employee could be made. */
  definition: EmployeeDefinition | undefined;
  triggers: TriggerProposal[];
  /** Passages that it said it could not do. */
  reported: string[];
  /** Skills, without the node that only chooses among them. */
  skills: number;
  /** The shortest of some builds: what else the machine does only adds to it. */
  buildMs: number;
  /** The builder gave up, which it never should: why. */
  failure?: string;
}

const TIMED_BUILDS = 3;

/** Builds without a model, as Agent-Core does. A text without a duty is no employee, and no failure. */
export function make(text: string, catalogue: Catalogue): Made {
  const made = Array.from({ length: TIMED_BUILDS }, () => makeOnce(text, catalogue));
  return made.reduce((best, one) => (one.buildMs < best.buildMs ? one : best));
}

function makeOnce(text: string, catalogue: Catalogue): Made {
  const startedAt = performance.now();
  try {
    const { definition, explanation } = buildEmployee({ jobDescription: text, catalogue });
    const buildMs = performance.now() - startedAt;
    return {
      definition,
      triggers: explanation.triggers,
      reported: explanation.not_understood.map(({ sentence }) => sentence),
      skills: definition.graph.nodes.filter((node) => !isRouter(node)).length,
      buildMs,
    };
  } catch (error) {
    const nothing = { definition: undefined, triggers: [], skills: 0, buildMs: performance.now() - startedAt };
    if (error instanceof ClancyError && error.code === 'nothing_understood') return { ...nothing, reported: reportsOf(error) };
    return { ...nothing, reported: [], failure: error instanceof Error ? error.message : String(error) };
  }
}

function reportsOf({ details }: ClancyError): string[] {
  const reports = (details.extra?.['not_understood'] ?? []) as { sentence: string }[];
  return reports.map(({ sentence }) => sentence);
}
