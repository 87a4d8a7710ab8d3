import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { SkillNode } from '../contracts/employee-graph.ts';
import { callScopeOf, makeVisitId } from '../contracts/ids.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import type { ResumedSkill } from '../contracts/resume.ts';
import type { EmployeeRunInput, SkillRunInput } from '../contracts/run.ts';
import { createCallBudget } from './budget.ts';
import { decideWays, resolveInputs } from './decide-ways.ts';
import { RunFailure, SkillInterrupted } from './failures.ts';
import type { Room } from './room.ts';
import type { RunRecord } from './run-record.ts';
import { runSkillNode } from './run-skill-node.ts';
import type { NodeEnd } from './run-skill-node.ts';
import { decisionOf, takenBy } from './supervise.ts';
import { createWalk } from './walk.ts';

interface Started {
  node: SkillNode;
  visit: number;
  slice: number;
}

/**
 * Runs the skills of an employee graph: those that are ready at once, then those that become ready as others end. The
 * first that fails stops the others. @throws RunFailure, SkillInterrupted or a cancellation.
 */
export async function walkGraph(room: Room, record: RunRecord, run: EmployeeRunInput, version: number): Promise<void> {
  const { intent, plan } = run;
  const walk = createWalk(intent.graph_spec);
  const budget = createCallBudget(plan.budget.max_calls);
  const skills = new CancellationScope();
  const running = new Map<string, Promise<{ started: Started; end: NodeEnd }>>();
  let visitsLeft = plan.budget.max_skill_visits;

  function scope(): JsonObject {
    const outputs = Object.entries(record.outputs).map(([node, output]) => [node, { output }]);
    return { trigger: { ...intent.trigger }, skills: Object.fromEntries(outputs), now: new Date().toISOString() };
  }

  /** Starts what may start; true = a skill must wait until another gives back what it leaves of its calls. */
  async function startReady(): Promise<boolean> {
    const nodes = intent.graph_spec.nodes.filter(({ id }) => walk.ready().includes(id));
    const inputs = await resolveInputs(nodes, scope(), room.own);
    for (const [index, node] of nodes.entries()) {
      const slice = budget.take(nodes.length - index);
      if (slice === 0 && running.size > 0) return true;
      if (slice === 0) throw new RunFailure('budget_exceeded', `the run may make ${plan.budget.max_calls} calls`);
      visitsLeft -= 1;
      if (visitsLeft < 0) throw new RunFailure('budget_exceeded', `the run may visit ${plan.budget.max_skill_visits} skills`);
      start({ node, visit: walk.start(node.id), slice }, inputs[node.id] ?? {});
    }
    return false;
  }

  function start(started: Started, input: JsonObject): void {
    record.begin(started.node, started.visit);
    const skillInput = skillInputOf(run, version, started, input);
    const end = skills.run(() => runSkillNode(room, intent, skillInput));
    running.set(
      started.node.id,
      end.then((value) => ({ started, end: value })),
    );
  }

  async function takeNext(): Promise<void> {
    const { started, end } = await Promise.race(running.values());
    const { node, visit, slice } = started;
    running.delete(node.id);
    if ('error' in end) {
      record.end(node, visit, statusOf(end.error), end.progress);
      throw end.error;
    }
    budget.giveBack(slice, end.result.calls_made);
    record.end(node, visit, 'completed', end.result);
    walk.finish(node.id, await takenAfter(node, visit, end.result.output));
  }

  async function takenAfter(node: SkillNode, visit: number, output: Json): Promise<{ [edge: string]: boolean }> {
    const ways = walk.waysOut(node.id);
    if (node.type === 'supervisor') {
      const decision = decisionOf(node, visit, output, ways);
      record.decided(decision);
      return takenBy(decision, ways);
    }
    return resumedOf(run, node.id, visit)?.ways ?? decideWays(ways, scope());
  }

  /** Skills that run beside one that failed are cancelled, and their calls under way are waited for. */
  async function stopOthers(): Promise<void> {
    skills.cancel();
    for (const { started, end } of await Promise.all(running.values())) {
      const progress = 'error' in end ? end.progress : end.result;
      record.end(started.node, started.visit, 'error' in end ? statusOf(end.error) : 'completed', progress);
    }
  }

  /** While the run is paused skills end, but none is started. */
  async function standStill(): Promise<void> {
    while (room.pause.isPaused()) {
      const ended = Promise.race(running.values()).then(() => true);
      if (await Promise.race([ended, room.pause.untilResumed().then(() => false)])) await takeNext();
    }
  }

  try {
    for (;;) {
      if (room.pause.isPaused()) await standStill();
      const isShort = await startReady();
      if (running.size === 0) break;
      await (isShort ? room.waiting.during('budget', takeNext) : takeNext());
    }
  } catch (error) {
    await CancellationScope.nonCancellable(stopOthers);
    throw error;
  }
}

function statusOf(error: unknown): 'failed' | 'interrupted' {
  return isCancellation(error) || error instanceof SkillInterrupted ? 'interrupted' : 'failed';
}

function skillInputOf(run: EmployeeRunInput, version: number, { node, visit, slice }: Started, input: JsonObject): SkillRunInput {
  const { intent, plan, ticket } = run;
  const resume = resumedOf(run, node.id, visit);
  return {
    org_id: intent.org_id,
    employee_id: intent.employee_id,
    employee_version: version,
    execution_id: intent.execution_id,
    run_id: intent.run_id,
    call_scope: callScopeOf(intent.run_id),
    graph_spec: intent.graph_spec,
    node,
    visit,
    input,
    trigger: intent.trigger,
    plan,
    ticket,
    max_calls: slice,
    ...(resume && { resume }),
    ...(run.resume && { resume_digests: run.resume.digests }),
  };
}

/** Of a retry: how far an earlier run of the chain had come with this visit. */
function resumedOf({ resume }: EmployeeRunInput, node: string, visit: number): ResumedSkill | undefined {
  const id = makeVisitId({ node, visit });
  return resume && Object.hasOwn(resume.skills, id) ? resume.skills[id] : undefined;
}
