import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEventStream } from '../../../cli/client/event-stream.ts';
import { agentEventAnswer } from '../../../cli/client/answers/runs.ts';
import type { Child } from '../../../dev/processes/spawn-child.ts';
import type { Temporal } from '../../../dev/temporal/temporal.ts';
import { watchUntilEnd, type Watched } from '../../end-to-end/watch.ts';
import { post, type OneSkill } from '../../faults/one-skill.ts';
import { openSite } from '../../faults/site.ts';
import { untilAsked, untilEnded } from '../../until.ts';
import type { Topology } from '../topology.ts';
import { openGround, type Ground } from './ground.ts';
import { startTraffic } from './traffic.ts';

const MINUTES = 60_000;
/** After which orchestrators kill. */
const GRACE_S = 30;
/** Of each message at the provider, so that calls are under way at any time. */
const ANSWER_AFTER_MS = 400;

const TO = 'rosa@harbourcafe.example';
/** Gmail may take 15 s: longer than the drain, and than a worker waits for what it has begun. */
const MAIL: OneSkill = {
  nodes: [
    {
      id: 'send',
      kind: 'capability',
      capability: 'gmail/email.send',
      parameters: { to: TO, subject: 'Once', body: 'Only once.' },
    },
  ],
  rule: { capability: 'gmail/email.send' },
};

/** SIGTERM to each process of an installation while it is used. */
export function endsInGoodOrder(topology: () => Topology): void {
  describe('a process that is told to end', () => {
    let ground: Ground;
    beforeAll(async () => {
      ground = await openGround(topology());
    }, 3 * MINUTES);
    afterAll(() => ground?.close(), 3 * MINUTES);

    test.each(['api', 'connecthub', 'worker'] as const)(
      '%s fails no request and loses no run, and is gone within 30 s',
      async (name) => {
        const { world } = topology();
        const { balancers, lasting } = ground;
        const balancer = name === 'worker' ? undefined : balancers[name];
        const copy = await ground.start(name);
        if (name !== 'worker') await balancers[name].use([lasting[name], copy.url]);
        const site = await openSite(world);
        await world.sandbox.inject({
          team: site.team,
          method: 'chat.postMessage',
          kind: 'delay',
          delay_ms: ANSWER_AFTER_MS,
          times: 1_000_000,
        });
        const employee = await site.hire({ nodes: [post('one of many')] });
        const urls = { api: balancers.api.url, connecthub: balancers.connecthub.url };
        const traffic = startTraffic(urls, site, employee);
        await traffic.untilMoreRuns(8);
        const before = traffic.requests;
        const ending = end(copy.child);
        await balancer?.untilLeft(copy.url);
        const ended = await ending;
        await traffic.untilMoreRuns(8);
        await traffic.stop();

        const figures = `${traffic.requests} requests (${before} before), ${traffic.runs.size} runs, gone after ${ended.seconds.toFixed(1)} s`;
        process.stdout.write(`SIGTERM to ${name}: ${figures}\n`);
        expect(traffic.failures).toEqual([]);
        const isUsed = balancer
          ? balancer.sentTo(copy.url) > 0
          : await hasWorked(world.stack.temporal, copy.child, traffic.runs.keys());
        expect(isUsed).toBe(true);
        expect(new Set(traffic.runs.values())).toEqual(new Set(['completed']));
        const posts = await site.posts();
        expect(posts).toHaveLength(traffic.runs.size);
        expect(new Set(posts.map(({ ts }) => ts)).size).toBe(traffic.runs.size);
        expect(ended).toMatchObject({ code: 0, isInTime: true });
      },
      5 * MINUTES,
    );

    test(
      'api ends the streams of its clients, who go on at another copy and miss nothing',
      async () => {
        const site = await openSite(topology().world);
        const { manager } = site;
        const nodes = [post('asked first'), { ...post('asked then'), id: 'second' }];
        const run = await site.start({ nodes, effect: 'require_approval' });
        const approve = async () => manager.approvals.approve((await untilAsked(manager, run, 1))[0]!.approval_id);
        const copy = await ground.start('api');
        const service = { baseUrl: copy.url, token: () => site.org.token('admin'), fetch };
        const request = { path: `/v1/runs/${encodeURIComponent(run)}/events`, lastEventId: undefined, signal: undefined };
        const seen: string[] = [];
        let lastEventId: string | undefined;
        let ending: Promise<Ended> | undefined;
        // Throws unless the stream ends in good order.
        for await (const message of openEventStream(service, request)) {
          const event = agentEventAnswer.parse(JSON.parse(message.data));
          seen.push(event.event_id);
          lastEventId = message.id;
          if (event.kind !== 'approval.requested' || ending) continue;
          ending = end(copy.child);
          await approve();
        }
        expect(await ending).toMatchObject({ code: 0, isInTime: true });
        const following = watchUntilEnd(manager, run, lastEventId);
        await approve();
        const idsOf = ({ events }: Watched) => events.map(({ event_id: id }) => id).toSorted();
        const rest = idsOf(await following);
        expect(rest.length).toBeGreaterThan(0);
        expect([...seen, ...rest].toSorted()).toEqual(idsOf(await watchUntilEnd(manager, run)));
      },
      3 * MINUTES,
    );

    test.each(['connecthub', 'worker'] as const)(
      '%s waits no longer than it may for a provider that does not answer; what became of the call is found out',
      async (name) => {
        const { world } = topology();
        const { connecthub } = ground.balancers;
        const site = await openSite(world, { provider: 'gmail' });
        const barrier = await world.sandbox.barrier({ team: site.team, method: 'messages.send', after_effect: true });
        const employee = await site.hire(MAIL);
        let held = ground.worker;
        if (name === 'connecthub') {
          const copy = await ground.start('connecthub');
          await connecthub.use([copy.url]);
          held = copy.child;
        }
        const { run_id: run } = await site.manager.runs.start(employee);
        await barrier.waitUntilHeld(MINUTES);
        const ending = end(held);
        if (name === 'worker') await ground.start('worker');
        else await connecthub.use([ground.lasting.connecthub]);
        const ended = await ending;
        const { status } = await untilEnded(site.manager, run, 2 * MINUTES);
        await barrier.release('drop');
        process.stdout.write(`SIGTERM to ${name} while a provider holds its answer: gone after ${ended.seconds.toFixed(1)} s\n`);
        expect({ status, ...ended }).toMatchObject({ status: 'completed', code: 0, isInTime: true });
        expect(await world.sandbox.gmail.effects(site.team)).toMatchObject([{ method: 'messages.send', to: [TO] }]);
        expect(await site.receipts(run)).toMatchObject([
          { outcome: 'succeeded', attempts: [{ outcome: 'maybe' }, { outcome: 'succeeded', code: 'found_by_lookup' }] },
        ]);
      },
      5 * MINUTES,
    );
  });
}

interface Ended {
  readonly code: number | null;
  readonly seconds: number;
  readonly isInTime: boolean;
}

/** SIGTERM, as orchestrators send it. */
async function end(child: Child): Promise<Ended> {
  const began = performance.now();
  const { code } = await child.stop();
  const seconds = (performance.now() - began) / 1_000;
  return { code, seconds, isInTime: seconds < GRACE_S };
}

/** Whether a worker has done any part of these runs. */
async function hasWorked({ address, namespace }: Temporal, { pid }: Child, runs: Iterable<string>): Promise<boolean> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    for (const run of runs) {
      const { events } = await workflow.getHandle(run).fetchHistory();
      const identities = events?.map(({ workflowTaskStartedEventAttributes: task }) => task?.identity ?? '') ?? [];
      if (identities.some((identity) => identity.startsWith(`${pid}@`))) return true;
    }
    return false;
  } finally {
    await connection.close();
  }
}
