import { ApplicationFailure, ChildWorkflowFailure, startChild, workflowInfo } from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import type { RunIntent } from '../contracts/events.ts';
import { makeSkillRunId } from '../contracts/ids.ts';
import { PAUSE_SIGNAL, shortSummary } from '../contracts/run.ts';
import type { SkillRunInput, SkillRunResult } from '../contracts/run.ts';
import { understood } from './failures.ts';
import { skillAttributes } from './operator-view.ts';
import { assertFits } from './payload.ts';
import type { Room } from './room.ts';
import { runSkill, skillRun } from './skill-run.ts';
import { openSkill, progressOf } from './skill.ts';

export type NodeEnd = { result: SkillRunResult } | { error: unknown; progress: Partial<SkillRunResult> };

/**
 * Runs a skill node where its `isolation` says; an end is returned, also a bad one, with what was done until then. One
 * that an earlier run of the chain had finished is not run again.
 */
export async function runSkillNode(room: Room, intent: RunIntent, input: SkillRunInput): Promise<NodeEnd> {
  if (input.resume?.result) return { result: input.resume.result };
  return input.node.isolation === 'inline' ? runInline(room, input) : runAsChild(room, intent, input);
}

async function runInline(room: Room, input: SkillRunInput): Promise<NodeEnd> {
  const skill = openSkill(input, room);
  try {
    return { result: await runSkill(skill) };
  } catch (error) {
    return { error, progress: progressOf(skill) };
  }
}

/** Time-outs of the parent hold for the child too: in development they are short, so that a killed worker is noticed soon. */
async function runAsChild(room: Room, intent: RunIntent, input: SkillRunInput): Promise<NodeEnd> {
  const { run_id, node, visit, org_id } = input;
  const workflowId = makeSkillRunId({ run: run_id, node: node.id, visit });
  try {
    assertFits(`the input of skill ${node.id} with its plan`, input);
    const child = await startChild(skillRun, {
      workflowId,
      workflowIdReusePolicy: 'TERMINATE_IF_RUNNING',
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      args: [input],
      workflowTaskTimeout: workflowInfo().taskTimeoutMs,
      staticSummary: shortSummary(node.title),
      staticDetails: `Skill \`${node.id}\` of run \`${run_id}\``,
      typedSearchAttributes: skillAttributes(intent, input),
      priority: { fairnessKey: org_id },
    });
    return { result: await whileFollowing(room, child) };
  } catch (error) {
    return { error: understood(error), progress: { ...room.progress.of(workflowId), ...progressIn(error) } };
  }
}

/** The child hears what is decided about the run; one that has just ended needs to hear nothing. */
async function whileFollowing({ pause }: Room, child: ChildWorkflowHandle<typeof skillRun>): Promise<SkillRunResult> {
  const stop = pause.follow((signal) => void child.signal(PAUSE_SIGNAL, signal).catch(() => undefined));
  try {
    return await child.result();
  } finally {
    stop();
  }
}

function progressIn(error: unknown): Partial<SkillRunResult> {
  const cause = error instanceof ChildWorkflowFailure ? error.cause : undefined;
  const [progress] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  return typeof progress === 'object' && progress !== null ? progress : {};
}
