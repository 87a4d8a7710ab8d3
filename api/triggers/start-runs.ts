import { ClancyError } from '../../contracts/errors.ts';
import type { TriggerCandidate } from '../../contracts/trigger.ts';
import type { OrgTx } from '../../db/client.ts';
import { triggerRuns } from '../../db/schema/core/trigger-runs.ts';
import type { Order, RunStarter } from '../outbox/run-starter.ts';
import type { RunMemory } from '../memory/memory.ts';
import { acceptRun, type AcceptDeps } from '../runs/accept.ts';
import type { TriggerRunRow } from './find.ts';
import type { NewTrigger } from './new-trigger.ts';
import type { Behalf } from './principal.ts';
import { runTriggerOf } from './run-trigger.ts';

export interface StartRunsDeps extends AcceptDeps {
  memory: Pick<RunMemory, 'prepare' | 'recaller'>;
  runStarter: RunStarter;
  now: () => Date;
}

export interface Started {
  run: TriggerRunRow;
  order: Order;
}

/**
 * Accepts the run of one candidate in the transaction of its trigger.
 * @throws ClancyError as starting a run does, and `invalid_request` for skills at which the employee does not start.
 */
export async function startFor(
  tx: OrgTx,
  deps: StartRunsDeps,
  sent: NewTrigger['row'],
  { candidate, behalf }: { candidate: TriggerCandidate; behalf: Behalf },
): Promise<Started> {
  const requestedAt = deps.now();
  const { employee_id: employeeId, entry_skills: entrySkills, subscription_id: subscriptionId } = candidate;
  const { runId, executionId, order } = await acceptRun(tx, deps, {
    employeeId,
    trigger: runTriggerOf(sent, entrySkills),
    requestedAt,
    idTime: requestedAt.toISOString(),
    ...behalf,
    start: { kind: 'start_run', payload: {}, claim: () => deps.runStarter.claim() },
  });
  const run = { orgId: tx.orgId, triggerId: sent.triggerId, employeeId, runId, executionId, entrySkills, subscriptionId };
  await tx.db.insert(triggerRuns).values(run);
  return { run, order };
}

/** What may be wrong with one candidate and is nobody's fault who sent an event: the others start all the same. */
const CANDIDATES_OWN = ['employee_not_active', 'payload_too_large', 'invalid_request', 'conflict', 'not_found'];

/** @returns why not, where this one cannot be started. */
export async function tryStart(...args: Parameters<typeof startFor>): Promise<Started | string> {
  try {
    return await startFor(...args);
  } catch (error) {
    if (error instanceof ClancyError && CANDIDATES_OWN.includes(error.code)) return error.message;
    throw error;
  }
}
