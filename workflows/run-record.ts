import { uuid4, workflowInfo } from '@temporalio/workflow';
import type { ExecutionResult, RunIntent, SupervisorDecision } from '../contracts/events.ts';
import { makeSkillRunId, parseCapability } from '../contracts/ids.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { MAX_PAYLOAD_BYTES } from '../contracts/run.ts';
import type { RememberedBySkill } from '../contracts/agent-core-activities.ts';
import type { SkillRunResult } from '../contracts/run.ts';
import type { SkillNode } from '../contracts/employee-graph.ts';
import { showSkills } from './operator-view.ts';
import { assertFits, sizeOf } from './payload.ts';

type VisitStatus = ExecutionResult['hierarchical_events'][number]['status'] | 'running';
interface Visit {
  runId: string;
  node: SkillNode;
  status: VisitStatus;
  progress: Partial<SkillRunResult>;
}

export interface Outcome {
  status: ExecutionResult['status'];
  error?: string;
  error_code?: string;
}

/** What has happened in a run so far: the source of `executionResult` and of the page's details. */
export interface RunRecord {
  outputs: JsonObject;
  begin(node: SkillNode, visit: number): void;
  end(node: SkillNode, visit: number, status: VisitStatus, progress: Partial<SkillRunResult>): void;
  decided(decision: SupervisorDecision): void;
  /** @throws RunFailure `payload_too_large` for a run that would be completed; any other end is told without outputs then. */
  result(outcome: Outcome): ExecutionResult;
  /** What skills that ended well asked to be remembered, in the order in which they ended. */
  remembered(): RememberedBySkill[];
}

export function createRunRecord(intent: RunIntent): RunRecord {
  const visits: Visit[] = [];
  const outputs: { [node: string]: Json } = {};
  const decisions: SupervisorDecision[] = [];
  const show = (): void => showSkills(visits.map(({ node, status }) => ({ node: node.id, title: node.title, status })));

  return {
    outputs,
    begin(node, visit) {
      visits.push({ runId: makeSkillRunId({ run: intent.run_id, node: node.id, visit }), node, status: 'running', progress: {} });
      show();
    },
    end(node, visit, status, progress) {
      const runId = makeSkillRunId({ run: intent.run_id, node: node.id, visit });
      const found = visits.find((known) => known.runId === runId);
      if (found) Object.assign(found, { status, progress });
      if (progress.output !== undefined) outputs[node.id] = progress.output;
      show();
    },
    decided: (decision) => void decisions.push(decision),
    result(outcome) {
      const made = decisions.length > 0 && { decisions };
      const result = { ...resultOf(intent, visits, outputs, outcome), ...made };
      if (outcome.status === 'completed') assertFits("the outputs of the run's skills", result);
      // How it ended matters more than what there was until then.
      return sizeOf(result) > MAX_PAYLOAD_BYTES ? withoutOutputs(result) : result;
    },
    remembered: () =>
      visits.flatMap(({ runId, status, progress }) =>
        status === 'completed' ? (progress.remembered ?? []).map((ask) => ({ ...ask, skill_run: runId })) : [],
      ),
  };
}

function resultOf(intent: RunIntent, visits: Visit[], outputs: JsonObject, outcome: Outcome): ExecutionResult {
  const { org_id, employee_id, execution_id, run_id } = intent;
  return {
    type: 'executionResult',
    event_id: uuid4(),
    schema_version: 1,
    org_id,
    employee_id,
    execution_id,
    run_id,
    ...outcome,
    result: outputs,
    skills_executed: unique(visits.filter(({ status }) => status === 'completed').map(({ node }) => node.id)),
    execution_time_ms: Date.now() - workflowInfo().startTime.getTime(),
    capabilities_used: unique(visits.flatMap(({ progress }) => progress.capabilities_used ?? []).map(shortForm)),
    hierarchical_events: visits.map(({ runId, status, progress }) => ({
      run_id: runId,
      status: status === 'running' ? 'interrupted' : status,
      micro_agents: progress.micro_agents ?? [],
    })),
    timestamp: new Date().toISOString(),
  };
}

function withoutOutputs(result: ExecutionResult): ExecutionResult {
  const hierarchical_events = result.hierarchical_events.map((event) => ({ ...event, micro_agents: [] }));
  return { ...result, result: {}, hierarchical_events };
}

function shortForm(qualified: string): string {
  return parseCapability(qualified)?.capability ?? qualified;
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
