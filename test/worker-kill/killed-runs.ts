import { Client, Connection } from '@temporalio/client';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import type { BarrierHandle } from '../../dev/sandbox/client.ts';
import { hireWith } from '../stack/hire.ts';
import { startTestStack, type TestOrg, type TestStack } from '../stack/test-stack.ts';
import { expectedTexts, twoSkillEmployee } from '../stack/two-skill-employee.ts';
import { watchHistories, type SeenEvent } from './history.ts';

/** What became of one run, and of the worker meanwhile. */
export interface KilledRun {
  /** The event after which the worker was killed; undefined = the run had no such event. */
  readonly killedAfter: SeenEvent | 'the effect' | undefined;
  readonly status: string;
  /** What the provider saw of the run, sorted. */
  readonly effects: string[];
  /** What it should have seen. */
  readonly expected: string[];
  /** Everything that was recorded, in the order of arrival. */
  readonly events: SeenEvent[];
}

/** Where the skills of the employee run. */
type Isolation = 'child' | 'inline';

export interface KillGround {
  /** Runs the two-skill employee and kills the worker right after the first event that `isMoment` holds for. */
  run(isMoment: (event: SeenEvent) => boolean, isolation?: Isolation): Promise<KilledRun>;
  /** Runs it and kills the worker while the provider has made an effect and not answered yet. */
  runHeld(isolation?: Isolation): Promise<KilledRun>;
  close(): Promise<void>;
}

/** A run that lost a worker stands still for a heartbeat or a workflow task at the most, so this is far too long. */
const RUN_TIMEOUT_MS = 120_000;

/** One stack and an employee per isolation for many runs; each run marks its effects with a tag of its own. */
export async function openKillGround(): Promise<KillGround> {
  const stack = await startTestStack();
  try {
    const org = stack.newOrg();
    const team = await org.connectSlack();
    const hire = (isolation: Isolation) =>
      hireWith(org.as('admin'), stack.stack.databases.owner, (id) => {
        const { graph, ...definition } = twoSkillEmployee(id, '=trigger.payload.tag');
        return { ...definition, graph: { ...graph, nodes: graph.nodes.map((node) => ({ ...node, isolation })) } };
      });
    const employees = { child: await hire('child'), inline: await hire('inline') };
    const { address, namespace } = stack.stack.temporal;
    const client = new Client({ connection: await Connection.connect({ address }), namespace });
    return createGround({ stack, org, team, employees, client });
  } catch (error) {
    await stack.close();
    throw error;
  }
}

interface Parts {
  stack: TestStack;
  org: TestOrg;
  team: string;
  employees: Record<Isolation, string>;
  client: Client;
}

function createGround(parts: Parts): KillGround {
  const { stack, org, team, employees, client } = parts;
  const { worker } = stack.stack.processes;
  let runs = 0;

  async function killWorker(): Promise<void> {
    worker.kill('SIGKILL');
    await worker.restart();
  }

  async function killWhileHeld(barrier: BarrierHandle): Promise<void> {
    await barrier.waitUntilHeld(RUN_TIMEOUT_MS);
    await killWorker();
    await barrier.release('drop');
  }

  async function runWith(
    isolation: Isolation,
    onEvent: (event: SeenEvent) => void,
    around: (runId: string) => Promise<void>,
  ): Promise<Omit<KilledRun, 'killedAfter'>> {
    const tag = `run${(runs += 1)}`;
    const events: SeenEvent[] = [];
    const { run_id: runId } = await org.as('admin').runs.start(employees[isolation], { tag });
    await untilStarted(client, runId);
    await watchHistories(client, runId, (event) => (events.push(event), onEvent(event)), new Date(Date.now() + RUN_TIMEOUT_MS));
    await around(runId);
    const { status } = await org.as('admin').runs.get(runId);
    const texts = (await stack.sandbox.effects(team)).flatMap(({ text }) => text ?? []);
    const effects = texts.filter((text) => text.startsWith(`${tag} `)).sort();
    return { status, effects, expected: expectedTexts(tag).sort(), events };
  }

  return {
    async run(isMoment, isolation = 'child') {
      let killedAfter: SeenEvent | undefined;
      let killing: Promise<void> | undefined;
      const end = await runWith(
        isolation,
        (event) => {
          if (killing || !isMoment(event)) return;
          killedAfter = event;
          killing = killWorker();
        },
        async () => killing,
      );
      return { ...end, killedAfter };
    },
    async runHeld(isolation = 'child') {
      const barrier = await stack.sandbox.barrier({ team, method: 'chat.postMessage', after_effect: true });
      const killing = killWhileHeld(barrier);
      const end = await runWith(
        isolation,
        () => undefined,
        () => killing,
      );
      return { ...end, killedAfter: 'the effect' };
    },
    async close() {
      await client.connection.close();
      await stack.close();
    },
  };
}

/** The relay starts the workflow a moment after the run was accepted. */
async function untilStarted(client: Client, runId: string): Promise<void> {
  const isThere = async () => (await client.workflow.getHandle(runId).describe()).workflowId === runId;
  await waitUntil(isThere, { timeoutMs: 10_000, what: `the run ${runId} to reach Temporal`, everyMs: 10 });
}
