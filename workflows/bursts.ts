import { proxyActivities, proxyLocalActivities, sleep } from '@temporalio/workflow';
import { shortSummary } from '../contracts/run.ts';
import type { BurstInput, BurstResult } from '../contracts/burst.ts';
import type { WorkerActivities } from '../contracts/worker-activities.ts';
import type { SkillGraph } from '../contracts/skill-graph.ts';
import { COMPUTE, MODEL_BURST } from './activity-options.ts';
import { RunFailure, understood } from './failures.ts';
import { createPatience } from './patience.ts';
import { assertFits } from './payload.ts';
import { assertRoomInHistory, untilResumed } from './skill.ts';
import type { Skill } from './skill.ts';

type Bursts = Pick<WorkerActivities, 'runSkillBurst'>;
const local = proxyLocalActivities<Bursts>(COMPUTE);
const remote = proxyActivities<Bursts>(MODEL_BURST);

/** A plan, a checkpoint and answers, each within its own limit; well below Temporal's 2 MB. */
const MAX_BURST_INPUT_BYTES = 1024 * 1024;

export type Burst = Exclude<BurstResult, { kind: 'failed' | 'unavailable' }>;

/** Runs a burst until it ended or needs the world. @throws RunFailure with the code and the path of a failing micro-agent. */
export async function runBurst(skill: Skill, input: BurstInput): Promise<Burst> {
  const patience = createPatience();
  for (;;) {
    assertRoomInHistory();
    while (skill.pause.isPaused()) await untilResumed(skill);
    const result = await burst(skill, input);
    for (const path of result.micro_agents) skill.microAgents.add(path);
    if (result.kind === 'failed')
      throw new RunFailure(result.code, result.path ? `${result.path}: ${result.message}` : result.message);
    if (result.kind !== 'unavailable') {
      skill.remembered.push(...(result.remembered ?? []));
      return result;
    }
    const ms = patience.next('model_failed', result.retry_after_ms);
    if (ms === undefined) throw new RunFailure('model_failed', result.message);
    await skill.waiting.during('model', () => skill.standing.run(() => sleep(ms, { summary: 'model unavailable' })));
  }
}

/** A burst that may ask a model lasts long and is an activity of its own; any other is done inside the workflow task. */
async function burst({ own }: Skill, input: BurstInput): Promise<BurstResult> {
  const summary = shortSummary(`burst ${input.graph.id}`);
  const isRemote = reachesModel(input.graph, input.graphs);
  // The input of a local activity does not stand in history.
  if (isRemote) {
    assertFits('what the skill goes on with', input, MAX_BURST_INPUT_BYTES);
    await own.assert();
  }
  try {
    return isRemote
      ? await remote.runSkillBurst.executeWithOptions({ ...MODEL_BURST, summary }, [input])
      : await local.runSkillBurst.executeWithOptions({ ...COMPUTE, summary }, [{ ...input, ...own.take() }]);
  } catch (error) {
    throw understood(error);
  }
}

function reachesModel(graph: SkillGraph, graphs: { [id: string]: SkillGraph }): boolean {
  const seen = new Set([graph]);
  for (const { nodes } of seen) {
    for (const node of nodes) {
      if (node.kind === 'model' || node.kind === 'agent') return true;
      const nested = node.kind === 'graph' && Object.hasOwn(graphs, node.graph) ? graphs[node.graph] : undefined;
      if (nested) seen.add(nested);
    }
  }
  return false;
}
