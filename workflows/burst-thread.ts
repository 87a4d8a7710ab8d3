import { sleep } from '@temporalio/workflow';
import { makeThreadPlace } from '../contracts/ids.ts';
import type { ItemPart } from '../contracts/ids.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { shortSummary } from '../contracts/run.ts';
import type { BurstCheckpoint, BurstInput, BurstRequest } from '../contracts/burst.ts';
import type { ResumedBurst } from '../contracts/resume.ts';
import type { SkillGraph } from '../contracts/skill-graph.ts';
import { askAgentCore } from './agent-core.ts';
import { askQuestion } from './approvals.ts';
import { runBurst } from './bursts.ts';
import { callOfNode } from './call-node.ts';
import { RunFailure } from './failures.ts';
import { settleAll, settleSome } from './settle.ts';
import type { Skill } from './skill.ts';

/** One alternation of bursts and the world: the skill's own, or that of an item of a `foreach`. */
export interface Thread {
  graph: SkillGraph;
  input: JsonObject;
  items: ItemPart[];
  item?: { value: Json; index: number };
}

/** Burst, requests, answers, next burst, until the graph has its output. @throws RunFailure. */
export async function runThread(skill: Skill, thread: Thread): Promise<Json> {
  const id = threadId(skill, thread.items);
  let resume: { checkpoint: BurstCheckpoint; answers: { [id: string]: Json } } | undefined;
  for (;;) {
    const recorded = takeRecorded(skill, id);
    const result = recorded ?? (await runBurst(skill, { ...burstInput(skill, thread, skill.counts.get(id) ?? 0), ...resume }));
    if (result.kind === 'done') {
      skill.counts.set(id, result.count);
      return result.output;
    }
    const answers = await settleAll(skill, result.requests, (request) => answer(skill, thread, request));
    resume = {
      checkpoint: result.checkpoint,
      answers: Object.fromEntries(result.requests.map((request, index) => [request.id, answers[index] ?? null])),
    };
  }
}

/** Of a retry: where the earlier run had come to. Its requests are made again, calls under the same ids. */
function takeRecorded(skill: Skill, id: string): ResumedBurst | undefined {
  const recorded = skill.resumed.get(id);
  skill.resumed.delete(id);
  return recorded;
}

function burstInput(skill: Skill, thread: Thread, count: number): BurstInput {
  const { plan, trigger } = skill.input;
  return {
    thread: { skill_run: skill.skillRun, items: thread.items },
    graph: thread.graph,
    graphs: plan.skill_graphs,
    input: thread.input,
    trigger,
    now: new Date().toISOString(),
    count,
    ...(thread.item && { item: thread.item }),
    ...(skill.memory && { memory: skill.memory }),
  };
}

async function answer(skill: Skill, thread: Thread, request: BurstRequest): Promise<Json> {
  switch (request.kind) {
    case 'call':
      return callOfNode(skill, thread.items, request);
    case 'foreach':
      return runItems(skill, thread, request);
    case 'wait':
      if (skill.input.plan.rehearsal) return null;
      await skill.waiting.during('timer', () =>
        skill.standing.run(() => sleep(request.seconds * 1000, { summary: shortSummary(`wait ${request.path}`) })),
      );
      return null;
    case 'refusal':
      return refusal(skill, request);
    case 'approval': {
      const { status, by, reason } = await askQuestion(skill, threadId(skill, thread.items), request);
      const decision = status === 'approved' ? 'approved' : status === 'expired' ? 'timed_out' : 'rejected';
      return { decision, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
    }
  }
}

/** A model is told no as it is told of any other refusal, once the attempt is on record. */
async function refusal(skill: Skill, { path, tool, reason }: Extract<BurstRequest, { kind: 'refusal' }>): Promise<Json> {
  const { ticket, run_id } = skill.input;
  const about = { ticket, run_id, skill_run: skill.skillRun, path, tool, reason };
  await skill.standing.run(() => askAgentCore(skill.waiting, 'recordRefusal', about, `refused ${tool}`));
  return { refused: { code: 'permission_missing', message: reason } };
}

/** Each item is a thread of its own, so that one that waits for people holds up none of the others. */
async function runItems(skill: Skill, thread: Thread, request: Extract<BurstRequest, { kind: 'foreach' }>): Promise<Json> {
  const { skill_graphs } = skill.input.plan;
  const graph = Object.hasOwn(skill_graphs, request.body) ? skill_graphs[request.body] : undefined;
  if (!graph) throw new RunFailure('graph_invalid', `the plan has no skill graph ${request.body}`);
  return settleSome(skill, request.inputs, request.max_parallel, (input, index) =>
    runThread(skill, {
      graph,
      input,
      items: [...thread.items, { path: request.path, index }],
      item: { value: request.items[index] ?? null, index },
    }),
  );
}

function threadId(skill: Skill, items: ItemPart[]): string {
  return skill.skillRun + makeThreadPlace(items);
}
