import { isCancellation, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { SkillRunInput, SkillRunResult } from '../contracts/run.ts';
import type { CheckPlanInput } from '../contracts/worker-activities.ts';
import { makeVisitId } from '../contracts/ids.ts';
import { runThread } from './burst-thread.ts';
import { RunFailure, foreseen } from './failures.ts';
import { showStatus } from './operator-view.ts';
import { createOwnPlan } from './own-plan.ts';
import { tellRun } from './progress.ts';
import { openRoom } from './room.ts';
import { openSkill, progressOf } from './skill.ts';
import type { Skill } from './skill.ts';

/** The child workflow of a skill node. Its failure carries the code as type and what was done as details. */
export async function skillRun(input: SkillRunInput): Promise<SkillRunResult> {
  const skill = openSkill(input, openRoom(input, createOwnPlan(planOf(input))));
  if (workflowInfo().workflowId !== skill.skillRun) {
    throw foreseen({ type: 'ids_disagree', message: 'the workflow id is not that of the skill run' });
  }
  setCurrentDetails(`Skill graph \`${input.node.skill_graph}\`, visit ${input.visit}`);
  try {
    // What a retry goes on with is used before any burst.
    if (input.resume) await skill.own.assert();
    const result = await runSkill(skill);
    showStatus('completed');
    return result;
  } catch (error) {
    if (isCancellation(error)) {
      showStatus('interrupted');
      await tellRun({ skill_run: skill.skillRun, progress: progressOf(skill) });
    }
    if (!(error instanceof RunFailure)) throw error;
    showStatus('failed');
    throw foreseen({ type: error.code, message: error.message, details: [progressOf(skill)] });
  }
}

function planOf({
  ticket,
  plan,
  graph_spec,
  node,
  visit,
  resume,
  resume_digests,
}: SkillRunInput): Omit<CheckPlanInput, 'parent'> {
  return {
    ticket,
    plan,
    graph_spec,
    node,
    ...(resume && { resume: { [makeVisitId({ node: node.id, visit })]: resume } }),
    ...(resume_digests && { resume_digests }),
  };
}

/** A skill from its input to its output, in a workflow of its own or inside its run's. @throws RunFailure. */
export async function runSkill(skill: Skill): Promise<SkillRunResult> {
  const { node, plan, input } = skill.input;
  const graph = Object.hasOwn(plan.skill_graphs, node.skill_graph) ? plan.skill_graphs[node.skill_graph] : undefined;
  if (!graph) throw new RunFailure('graph_invalid', `the plan has no skill graph ${node.skill_graph}`);
  const output = await runThread(skill, { graph, input, items: [] });
  const { remembered } = skill;
  return { output, ...progressOf(skill), ...(remembered.length > 0 && { remembered }) };
}
