import { defineSearchAttributeKey } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  setHandler,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ExecutionResult } from '../../contracts/events.ts';
import type { AgentCoreActivities } from '../../contracts/agent-core-activities.ts';
import type { DecisionSignal, EmployeeRunInput } from '../../contracts/run.ts';

export { consolidateMemory } from '../../workflows/consolidate-memory.ts';
export { scheduledRun } from '../../workflows/scheduled-run.ts';

/**
 * Small workflows under the real names, for tests that are about Agent-Core: what a run does is said by its input
 * (`does`: complete, wait, ask, skills). What a schedule starts is the real one.
 */
const core = proxyActivities<AgentCoreActivities>({ taskQueue: 'agent-core', startToCloseTimeout: '10 seconds' });
const WAITING_ON = defineSearchAttributeKey('WaitingOn', 'KEYWORD_LIST');
const decision = defineSignal<[DecisionSignal]>('decision');

export async function employeeRun(input: EmployeeRunInput): Promise<ExecutionResult> {
  const does = input.intent.trigger.payload['does'];
  const signals: DecisionSignal[] = [];
  setHandler(decision, (signal) => void signals.push(signal));
  try {
    if (does === 'wait') await condition(() => false);
    if (does === 'break') throw new Error('a bug that nobody foresaw');
    if (does === 'skills') await Promise.all([runSkill(input, 'first'), runSkill(input, 'second')]);
    const answer = does === 'ask' ? await ask(input, signals) : does === 'listen' ? await listen(signals) : 'nothing';
    return await record(input, 'completed', answer);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return CancellationScope.nonCancellable(() => record(input, 'interrupted', 'cancelled'));
  }
}

export async function skillRun(steps: number): Promise<number> {
  for (let i = 0; i < steps; i += 1) {
    upsertSearchAttributes([{ key: WAITING_ON, value: ['timer'] }]);
    await condition(() => false, '10 milliseconds');
  }
  return steps;
}

async function runSkill({ intent }: EmployeeRunInput, node: string): Promise<void> {
  const child = await startChild(skillRun, { workflowId: `${intent.run_id}:skill:${node}`, args: [3] });
  await child.result();
}

async function listen(signals: DecisionSignal[]): Promise<string> {
  await condition(() => signals.length >= 3);
  return signals.map(({ seq }) => seq).join(',');
}

async function ask({ ticket, intent }: EmployeeRunInput, signals: DecisionSignal[]): Promise<string> {
  const question = {
    ticket,
    run_id: intent.run_id,
    workflow_id: workflowInfo().workflowId,
    request_key: 'question#1',
    question: 'May I?',
    details: null,
    timeout_seconds: 3_600,
    on_timeout: 'reject' as const,
    approvers: [],
  };
  await core.requestApproval(question);
  await condition(() => signals.length > 0);
  const made = await core.readDecision({ ticket, run_id: intent.run_id, decision_id: signals[0]!.decision_id });
  return made.kind === 'approval' ? `${made.status} by ${made.decided_by}` : made.kind;
}

async function record(input: EmployeeRunInput, status: 'completed' | 'interrupted', answer: string): Promise<ExecutionResult> {
  const { intent, ticket } = input;
  const { workflowId, runId } = workflowInfo();
  const result: ExecutionResult = {
    event_id: intent.event_id,
    schema_version: 1,
    type: 'executionResult',
    org_id: intent.org_id,
    employee_id: intent.employee_id,
    execution_id: intent.execution_id,
    run_id: intent.run_id,
    timestamp: new Date().toISOString(),
    status,
    result: { answer },
    skills_executed: [],
    execution_time_ms: 1,
    capabilities_used: [],
    hierarchical_events: [],
  };
  await core.recordRunResult({ ticket, workflow_id: workflowId, temporal_run_id: runId, result });
  return result;
}
