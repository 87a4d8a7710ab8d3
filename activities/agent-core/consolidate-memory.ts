import { z } from 'zod';
import { consolidate } from '../../api/memory/consolidate.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { isSystemWorkflow, type ConsolidateMemoryInput, type ConsolidateMemoryResult } from '../../contracts/system-workflows.ts';
import type { CoreDatabase } from '../../db/client.ts';
import type { AgentCoreActivity } from './as-activity.ts';

export interface ConsolidateMemoryDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'jobs'>;
  now: () => Date;
}

const PAGE = 50;
/** Well within what one attempt may take. */
const LASTS_MS = 3_000;

const inputSchema = z.strictObject({ after: z.string().max(200) });

/**
 * Puts the memory of some organisations in order, and says where to go on. It does what is due and nothing else, whoever
 * asks and how often; so it wants no ticket.
 */
export function createConsolidateMemory(
  deps: ConsolidateMemoryDeps,
): AgentCoreActivity<ConsolidateMemoryInput, ConsolidateMemoryResult> {
  return async (input, place) => {
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) throw new ClancyError('invalid_request', 'The order breaks its contract.');
    if (!isSystemWorkflow(place.workflowId)) throw new ClancyError('ids_disagree', 'This belongs to a workflow of the house.');
    const endsMs = performance.now() + LASTS_MS;
    const isOver = (): boolean => performance.now() > endsMs;
    let { after } = parsed.data;
    const orgs = await deps.db.jobs.memoryOrgs(PAGE, after);
    for (const orgId of orgs) {
      if (!(await consolidate(deps.db, orgId, deps.now(), isOver))) return { after };
      after = orgId;
    }
    return { after: orgs.length === PAGE ? after : null };
  };
}
