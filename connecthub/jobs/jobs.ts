import type { HubParts } from '../app.ts';
import { settleStaleCalls } from '../proxy/settle.ts';
import type { AgentCore } from './agent-core.ts';
import { startLoop } from './loop.ts';
import { relayOutbox } from './relay.ts';

const SETTLE_INTERVAL_MS = 1_000;
const SETTLE_BATCH = 50;
const RELAY_INTERVAL_MS = 500;

/** The work that nobody asks for over HTTP: settling calls that nobody repeats, and telling Agent-Core of decisions. */
export function startJobs(parts: HubParts, agentCore: AgentCore): { stop(): Promise<void> } {
  const { logger, metrics } = parts;
  const common = { logger, onDone: metrics.jobDone };
  const loops = [
    startLoop({ ...common, name: 'settle', intervalMs: SETTLE_INTERVAL_MS, work: () => settleStaleCalls(parts, SETTLE_BATCH) }),
    startLoop({ ...common, name: 'relay', intervalMs: RELAY_INTERVAL_MS, work: () => relayOutbox({ ...parts, agentCore }) }),
  ];
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) };
}
