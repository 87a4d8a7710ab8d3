import type { BurstInput, BurstResult } from './burst.ts';
import type { CallCapabilityInput, CallOutcome } from './call.ts';
import type { EmployeeGraph } from './employee-graph.ts';
import type { JsonObject } from './json.ts';
import type { ResumeDigests, ResumedSkill } from './resume.ts';
import type { RunPlan } from './run.ts';

export interface EvaluateEdgesInput {
  edges: { id: string; when: string }[];
  scope: JsonObject;
  /** Skill inputs (templates) to be resolved in the same hop, by node id. */
  inputs: { [node: string]: JsonObject };
}

export interface EvaluateEdgesResult {
  taken: { [edgeId: string]: boolean };
  inputs: { [node: string]: JsonObject };
}

/** What a workflow was started with, as far as the ticket binds it. `node` and `parent` are those of a skill run. */
export interface CheckPlanInput {
  ticket: string;
  graph_spec: EmployeeGraph;
  plan: RunPlan;
  node?: EmployeeGraph['nodes'][number];
  /** Workflow id of the parent, as Temporal says. */
  parent?: string;
  resume_digests?: ResumeDigests;
  /** What must have these digests: of a run all its visits, of a skill run its own. */
  resume?: { [visit: string]: ResumedSkill };
}

/** A local activity that comes first in its workflow checks the workflow's plan on its way: a hop less. */
export interface FirstOfWorkflow {
  own?: CheckPlanInput;
}

/** What workflows may ask of the workers' queue. Expected failures are `ApplicationFailure`s with the code as type. */
export interface WorkerActivities {
  checkPlan(input: CheckPlanInput): Promise<void>;
  runSkillBurst(input: BurstInput & FirstOfWorkflow): Promise<BurstResult>;
  evaluateEdges(input: EvaluateEdgesInput & FirstOfWorkflow): Promise<EvaluateEdgesResult>;
  callCapability(input: CallCapabilityInput): Promise<CallOutcome>;
}
