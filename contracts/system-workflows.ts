/** Workflows that are nobody's: their payloads hold counts and places, and no organisation's words. */

export const CONSOLIDATE_MEMORY = { workflowType: 'consolidateMemory', id: 'system:consolidate-memory' } as const;

/** Temporal appends the instant to the id of what a schedule starts. */
const SYSTEM_WORKFLOW = /^system:[a-z][a-z-]{0,60}(?:-\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)?$/;

export function isSystemWorkflow(workflowId: string): boolean {
  return SYSTEM_WORKFLOW.test(workflowId);
}

/** How far the order has come: organisations up to this one are done. */
export interface ConsolidateMemoryInput {
  after: string;
}

/** Null = all are done. */
export interface ConsolidateMemoryResult {
  after: string | null;
}
