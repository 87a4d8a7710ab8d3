import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../../dev/processes/spawn-child.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { silent } from '../../dev/progress.ts';
import { listeningUrl, startService } from '../../dev/stack/child-service.ts';
import { startAgentCore } from './agent-core.ts';
import { hubHarness } from './harness.ts';

export interface KillReport {
  /** Events that a copy acknowledged. */
  acknowledged: string[];
  /** What Agent-Core took, in order. */
  taken: string[];
  /** What it was told a second time, because its answer was lost. */
  repeated: number;
}

const EVENTS_PER_ROUND = 6;
const PATIENCE_MS = 60_000;

/**
 * A process of ConnectHub takes Slack's events and is killed (SIGKILL): in turn between the effect at Agent-Core and its
 * answer, just after it has acknowledged, and while it takes them. Slack repeats what was not acknowledged; another process
 * goes on.
 */
export async function killWhileWebhooksCome(rounds: number): Promise<KillReport> {
  const harness = await hubHarness();
  const agentCore = await startAgentCore(harness.surroundings);
  const dir = await mkdtemp(join(tmpdir(), 'clancy-webhook-kills-'));
  const env = { ...harness.surroundings.env, PORT: '0', AGENT_CORE_URL: agentCore.url };
  const hub = await startService({ name: 'connecthub', env, dir, log: silent });
  try {
    const { team, orgId } = await harness.office();
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const kill = armed(hub, agentCore, (round + 1) % 3);
      const ids = Array.from({ length: EVENTS_PER_ROUND }, () => `Ev${randomUUID()}`);
      const told = tellUntilTaken(harness, hub, team, ids, acknowledged);
      await kill(told);
      await hub.waitForExit();
      agentCore.beforeAnswer = async () => undefined;
      await hub.restart();
      await told;
      // The dead copy's leases: nobody waits a minute for them here.
      await harness.owner.query(
        `update hub.webhook_events set lease_until = now() where sent_at is null and lease_owner is not null`,
      );
    }
    await waitUntil(async () => agentCore.of(orgId).length >= acknowledged.length || undefined, {
      timeoutMs: PATIENCE_MS,
      everyMs: 100,
      what: 'every event to be taken',
    });
    agentCore.assertNothingWrong();
    const taken = agentCore.of(orgId).map(({ external_id: id }) => id);
    return { acknowledged, taken, repeated: agentCore.arrived.length - new Set(agentCore.arrived).size };
  } finally {
    await hub.stop();
    await agentCore.close();
    await harness.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** When the process is killed; resolves once it was. */
function armed(hub: Child, agentCore: Awaited<ReturnType<typeof startAgentCore>>, place: number) {
  if (place === 1) {
    const held = new Promise<void>((resolve) => {
      agentCore.beforeAnswer = async () => {
        hub.kill('SIGKILL');
        resolve();
        await hub.waitForExit();
      };
    });
    return () => held;
  }
  return async (told: Promise<void>) => {
    if (place === 0) await delay(Math.random() * 60);
    else await told;
    hub.kill('SIGKILL');
  };
}

/** As Slack does, but with more patience: the same event again until a copy says that it has it. */
async function tellUntilTaken(
  { surroundings: { sandbox } }: Awaited<ReturnType<typeof hubHarness>>,
  hub: Child,
  team: string,
  ids: readonly string[],
  acknowledged: string[],
): Promise<void> {
  for (const id of ids) {
    const event = { type: 'message', channel: 'C1', user: 'U1', text: id, ts: '1.1' };
    await waitUntil(
      async () => {
        const base = listeningUrl(await readFile(hub.logFile, 'utf8').then(lastLines));
        if (base === undefined || !hub.isRunning) return undefined;
        const url = `${base}/hooks/slack`;
        const attempts = await sandbox.deliver('slack', { url, event: { team, event, event_id: id }, pause_ms: 20 });
        return attempts.at(-1)?.status === 200 || undefined;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 50, what: `${id} to be acknowledged` },
    );
    acknowledged.push(id);
  }
}

/** A restarted process writes on in the same log: its address is the last one. */
function lastLines(text: string): string {
  return text.split('\n').toReversed().join('\n');
}
