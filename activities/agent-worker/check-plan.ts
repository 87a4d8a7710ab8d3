import { ApplicationFailure, Context } from '@temporalio/activity';
import { canonicalHash, planHash, resumeDigests } from '../../contracts/digest.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { parseSkillRunId } from '../../contracts/ids.ts';
import type { CheckPlanInput, FirstOfWorkflow, WorkerActivities } from '../../contracts/worker-activities.ts';
import { claimsOf } from './calls/ticket-claims.ts';

export interface CheckPlanDeps {
  logger: { warn: (about: object, message: string) => void };
  /** Called with the ticket of a workflow that may call: its employee's token can be asked for while the workflow computes. */
  prepareCalls?: (ticket: string) => void;
}

/**
 * The local activity `checkPlan`: a workflow does only what Agent-Core resolved for its run. Anybody who reaches Temporal
 * can start one with a copied ticket and a plan of their own; the ticket says which plan is meant, and ConnectHub compares
 * the ticket with the run.
 */
export function createCheckPlan({ logger, prepareCalls }: CheckPlanDeps): WorkerActivities['checkPlan'] {
  return async (input) => {
    const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
    try {
      assertOwnPlan(input, workflowId);
      if (Object.keys(input.plan.capabilities).length > 0) prepareCalls?.(input.ticket);
    } catch (error) {
      if (!(error instanceof ClancyError)) throw error;
      const { code, message } = error;
      // No other process hears of it: the log is its only trace.
      logger.warn({ refused: code, workflow_id: workflowId }, 'a workflow was refused');
      throw ApplicationFailure.create({ type: code, message, nonRetryable: true });
    }
  };
}

/** A local activity that checks the plan of its workflow first, where it is given one. */
export function afterCheck<I, O>(
  checkPlan: WorkerActivities['checkPlan'],
  work: (input: I) => Promise<O>,
): (input: I & FirstOfWorkflow) => Promise<O> {
  return async ({ own, ...input }) => {
    if (own) await checkPlan(own);
    return work(input as I);
  };
}

function assertOwnPlan(input: CheckPlanInput, workflowId: string): void {
  const { ticket, plan, graph_spec, node, parent, resume_digests: digests } = input;
  const { run_id, plan_hash } = claimsOf(ticket);
  const skillRun = parseSkillRunId(workflowId);
  if (run_id !== (skillRun?.run ?? workflowId)) throw disagree('the ticket is that of another run');
  if (plan_hash !== planHash(plan, graph_spec, digests)) throw disagree('the plan is not that of the ticket');
  assertOwnResume(input);
  if (!skillRun) return;
  if (parent !== run_id) throw disagree('the skill run was not started by its run');
  const own = graph_spec.nodes.find(({ id }) => id === skillRun.node);
  if (!own || !node || canonicalHash(own) !== canonicalHash(node)) throw disagree('the skill is none of the plan');
}

/** A visit that is not resumed begins at the beginning, which takes nothing from anybody. */
function assertOwnResume({ resume = {}, resume_digests: digests = {} }: CheckPlanInput): void {
  for (const [visit, digest] of Object.entries(resumeDigests(resume))) {
    if (!Object.hasOwn(digests, visit) || digests[visit] !== digest) {
      throw disagree('what is gone on from is not that of the ticket');
    }
  }
}

function disagree(message: string): ClancyError {
  return new ClancyError('ids_disagree', message);
}
