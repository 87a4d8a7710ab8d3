import type { Client } from '@temporalio/client';
import { inParallel } from './in-parallel.ts';
import type { WorkflowMs } from './figures.ts';

/** Temporal is asked for this many at once, after everything has been measured. */
const AT_ONCE = 10;

/** From start to end by Temporal's own clock, which no way between it and us lengthens. @throws Error for one that is open. */
export async function readWorkflowTimes(temporal: Client, workflowIds: readonly string[]): Promise<WorkflowMs> {
  const times = await inParallel(workflowIds.length, AT_ONCE, async (index) => timeOf(temporal, workflowIds[index] ?? ''));
  const byId = new Map(workflowIds.map((id, index) => [id, times[index]]));
  return (id) => byId.get(id) ?? Number.NaN;
}

async function timeOf(temporal: Client, workflowId: string): Promise<number> {
  const { raw } = await temporal.workflow.getHandle(workflowId).describe();
  const { startTime, closeTime } = raw.workflowExecutionInfo ?? {};
  if (!startTime || !closeTime) throw new Error(`${workflowId} has not ended`);
  return msOf(closeTime) - msOf(startTime);
}

function msOf({ seconds, nanos }: { seconds?: unknown; nanos?: number | null }): number {
  return Number(seconds) * 1_000 + (nanos ?? 0) / 1_000_000;
}
