import type { HubParts } from '../app.ts';
import { HUB_AUDIT } from '../../db/audit/logs.ts';
import { sealAudit } from '../../db/audit/seal-audit.ts';
import { settleStaleCalls } from '../proxy/settle.ts';
import type { AgentCore } from './agent-core.ts';
import { cleanPast } from './clean.ts';
import { finishLeftConnections } from './left-connections.ts';
import { startLoop } from './loop.ts';
import { relayOutbox } from './relay.ts';
import { forwardEvents } from '../webhooks/forward.ts';
import { keepUpWebhooks } from '../webhooks/upkeep.ts';

const SETTLE_INTERVAL_MS = 1_000;
const SETTLE_BATCH = 50;
const RELAY_INTERVAL_MS = 500;
const LEFT_CONNECTIONS_INTERVAL_MS = 2_000;
const WEBHOOKS_INTERVAL_MS = 250;
const WEBHOOK_UPKEEP_INTERVAL_MS = 5_000;
const CLEAN_INTERVAL_MS = 60_000;
const AUDIT_SEAL_INTERVAL_MS = 60_000;

/**
 * The work that nobody asks for over HTTP: settling calls that nobody repeats, telling Agent-Core of decisions, connections
 * and what providers told us, going on with connections where a copy died, removing what is past its time, and
 * sealing the audit.
 */
export function startJobs(parts: HubParts, agentCore: AgentCore): { stop(): Promise<void> } {
  const { logger, metrics } = parts;
  const common = { logger, onDone: metrics.jobDone };
  const loops = [
    startLoop({ ...common, name: 'settle', intervalMs: SETTLE_INTERVAL_MS, work: () => settleStaleCalls(parts, SETTLE_BATCH) }),
    startLoop({
      ...common,
      name: 'left-connections',
      intervalMs: LEFT_CONNECTIONS_INTERVAL_MS,
      work: () => finishLeftConnections(parts),
    }),
    startLoop({ ...common, name: 'relay', intervalMs: RELAY_INTERVAL_MS, work: () => relayOutbox({ ...parts, agentCore }) }),
    startLoop({
      ...common,
      name: 'webhooks',
      intervalMs: WEBHOOKS_INTERVAL_MS,
      work: () => forwardEvents({ ...parts, agentCore }),
    }),
    startLoop({
      ...common,
      name: 'webhook-upkeep',
      intervalMs: WEBHOOK_UPKEEP_INTERVAL_MS,
      work: () => keepUpWebhooks(parts),
    }),
    startLoop({ ...common, name: 'clean', intervalMs: CLEAN_INTERVAL_MS, work: () => cleanPast(parts) }),
    startLoop({
      ...common,
      name: 'audit-seal',
      intervalMs: AUDIT_SEAL_INTERVAL_MS,
      work: () => sealAudit({ db: parts.database, log: HUB_AUDIT, logger }),
    }),
  ];
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}
