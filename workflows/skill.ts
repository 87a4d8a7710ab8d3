import { CancellationScope, CancelledFailure, workflowInfo } from '@temporalio/workflow';
import { makeSkillRunId } from '../contracts/ids.ts';
import type { MemoryAsk, MemoryWindow } from '../contracts/memory.ts';
import type { ResumedBurst } from '../contracts/resume.ts';
import type { SkillRunInput, SkillRunResult } from '../contracts/run.ts';
import type { Decisions } from './decisions.ts';
import { RunFailure } from './failures.ts';
import type { OwnPlan } from './own-plan.ts';
import type { Pause } from './pause.ts';
import type { Room } from './room.ts';
import type { Waiting } from './waiting.ts';

/** What the parts of one skill run share. Inline skills have one each, but their run's room. */
export interface Skill {
  input: SkillRunInput;
  /** This execution, in events. */
  skillRun: string;
  /** The same in the call scope: what call ids are built from, so that a retry of the run repeats them. */
  callBase: string;
  waiting: Waiting;
  decisions: Decisions;
  pause: Pause;
  own: OwnPlan;
  /** Everything that only waits; ended when the skill fails, while calls under way are let finish. */
  standing: CancellationScope;
  hasFailed: boolean;
  callsMade: number;
  capabilitiesUsed: Set<string>;
  microAgents: Set<string>;
  /** What it may see of the run's memory; absent where there is nothing. */
  memory?: MemoryWindow;
  /** What its graphs asked to be remembered so far: told only if it ends well. */
  remembered: MemoryAsk[];
  /** Requests numbered per burst thread that has ended: a thread that is visited again goes on from there. */
  counts: Map<string, number>;
  /** Of a retry: the bursts that threads go on from, by thread; each is taken once. */
  resumed: Map<string, ResumedBurst>;
}

export function openSkill(input: SkillRunInput, shared: Room): Skill {
  const { node, visit, run_id, call_scope, resume, plan } = input;
  const memory = plan.memory?.entries.filter(({ scope, skill }) => scope !== 'skill' || skill === node.id) ?? [];
  const skillRun = makeSkillRunId({ run: run_id, node: node.id, visit });
  const threads = Object.entries(resume?.threads ?? {}).map(([place, thread]) => ({ id: skillRun + place, ...thread }));
  return {
    ...shared,
    input,
    skillRun,
    callBase: makeSkillRunId({ run: call_scope, node: node.id, visit }),
    standing: new CancellationScope(),
    hasFailed: false,
    callsMade: resume?.calls_made ?? 0,
    capabilitiesUsed: new Set(resume?.capabilities_used),
    microAgents: new Set(resume?.micro_agents),
    ...(memory.length > 0 && { memory: { entries: memory } }),
    remembered: [...(resume?.remembered ?? [])],
    counts: new Map(threads.map(({ id, count }) => [id, count])),
    resumed: new Map(threads.flatMap(({ id, last }) => (last ? [[id, last]] : []))),
  };
}

/** What is known of a skill run at any moment, also of one that failed. */
export function progressOf(skill: Skill): Omit<SkillRunResult, 'output' | 'remembered'> {
  return {
    micro_agents: [...skill.microAgents],
    capabilities_used: [...skill.capabilitiesUsed],
    calls_made: skill.callsMade,
  };
}

/** Work that was given up because other work of the skill had failed or was cancelled: never the reason that is shown. */
class Abandoned extends CancelledFailure {}

export function assertGoingOn(skill: Skill): void {
  if (skill.hasFailed) throw new Abandoned('other work of the skill has failed');
}

/** To be awaited before something is begun while the run is paused; not otherwise, since even that would take a turn. */
export async function untilResumed(skill: Skill): Promise<void> {
  await skill.standing.run(() => skill.pause.untilResumed());
  assertGoingOn(skill);
}

/** Temporal ends a workflow at 51,200 events or 50 MB, without a word in its result. We stop before that. */
const MAX_EVENTS = 45_000;
const MAX_BYTES = 45 * 1024 * 1024;

export function assertRoomInHistory(): void {
  const { historyLength, historySize } = workflowInfo();
  if (historyLength > MAX_EVENTS || historySize > MAX_BYTES) {
    throw new RunFailure(
      'budget_exceeded',
      `the history holds ${historyLength} events and ${historySize} bytes, which is the limit`,
    );
  }
}
