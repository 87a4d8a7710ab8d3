import type { ApprovalAnswer } from '../cli/client/answers/approvals.ts';
import type { RunAnswer } from '../cli/client/answers/runs.ts';
import type { ClancyClient } from '../cli/client/clancy-client.ts';
import { waitUntil } from '../dev/processes/wait-until.ts';

const PATIENCE_MS = 55_000;
/** Many runs are watched at once, on few cores. */
const POLL_MS = 400;

/** The run as it is once it has ended. */
export function untilEnded(client: ClancyClient, runId: string, timeoutMs = PATIENCE_MS): Promise<RunAnswer> {
  return waitUntil(
    async () => {
      const seen = await client.runs.get(runId);
      return seen.finished_at ? seen : undefined;
    },
    { timeoutMs, everyMs: POLL_MS, what: `${runId} to end` },
  );
}

/** The first of what the run waits on that begins so. */
export function untilWaitingOn(client: ClancyClient, runId: string, prefix: string): Promise<string> {
  return waitUntil(async () => (await client.runs.get(runId)).waiting_on.find((word) => word.startsWith(prefix)), {
    timeoutMs: PATIENCE_MS,
    everyMs: POLL_MS,
    what: `${runId} to wait on ${prefix}`,
  });
}

/** What the run asks, once it has asked so much. */
export function untilAsked(client: ClancyClient, runId: string, count: number): Promise<ApprovalAnswer[]> {
  return waitUntil(
    async () => {
      const { items } = await client.approvals.list({ run_id: runId, status: 'pending' });
      return items.length >= count ? items : undefined;
    },
    { timeoutMs: PATIENCE_MS, everyMs: POLL_MS, what: `${count} questions of ${runId}` },
  );
}
