import { randomUUID } from 'node:crypto';
import { createRunEngine } from '../../api/temporal/run-engine.ts';
import { nextRetryId } from '../../api/runs/retry/chain.ts';
import { readProgress } from '../../api/runs/retry/read-progress.ts';
import { planHash, resumeDigests } from '../../contracts/digest.ts';
import { callScopeOf } from '../../contracts/ids.ts';
import type { EmployeeRunInput } from '../../contracts/run.ts';
import type { Engine } from './engine.ts';
import { fakeTicket } from './fake-services.ts';

/** The input of a retry, made of what Temporal recorded of a run that has ended, as Agent-Core makes it. */
export async function retryOf({ client }: Engine, run: EmployeeRunInput): Promise<EmployeeRunInput> {
  const { plan, intent } = run;
  const { runId: temporalRunId } = await client.workflow.getHandle(intent.run_id).describe();
  const earlier = { runId: intent.run_id, temporalRunId, graph: intent.graph_spec, resume: run.resume?.skills };
  const skills = await readProgress(createRunEngine({ client }), earlier);
  const digests = resumeDigests(skills);
  const run_id = nextRetryId(intent.run_id);
  const plan_hash = planHash(plan, intent.graph_spec, digests);
  return {
    intent: { ...intent, run_id, execution_id: randomUUID() },
    plan,
    resume: { skills, digests },
    ticket: fakeTicket({ run_id, call_scope: callScopeOf(run_id), plan_hash }),
  };
}
