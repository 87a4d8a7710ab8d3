import { z } from 'zod';
import type { RunEngine } from '../../temporal/run-engine.ts';
import type { OutboxHandler } from '../relay.ts';

export const signalPayload = z.strictObject({ workflow_id: z.string(), decision_id: z.uuid() });

/** Points the waiting workflow to a decision. It ignores what it has seen, so repetition is harmless. */
export function createSignalHandler(deps: { engine: Pick<RunEngine, 'signalDecision'> }): OutboxHandler {
  return async (row) => {
    const { workflow_id, decision_id } = signalPayload.parse(row.payload);
    await deps.engine.signalDecision(workflow_id, { decision_id, seq: row.seq });
    return async () => undefined;
  };
}
