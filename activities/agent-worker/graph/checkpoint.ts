import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';
import type { BurstCheckpoint } from '../../../contracts/burst.ts';
import { BurstSaver } from './saver.ts';

/** Which interrupt of LangGraph a request answers: interrupt ids change when a burst is repeated, request ids do not. */
export interface PendingRequest {
  interruptId: string;
  requestId: string;
  path: string;
}

const stateSchema = z.strictObject({
  saver: z.unknown(),
  pending: z.array(z.strictObject({ interruptId: z.string(), requestId: z.string(), path: z.string() })),
});

export function save(saver: BurstSaver, about: { hash: string; count: number; pending: PendingRequest[] }): BurstCheckpoint {
  const pending = about.pending.map((request) => ({ ...request }));
  return { graph_hash: about.hash, count: about.count, state: { saver: saver.toWire(), pending } };
}

/**
 * A graph that was changed in between would end silently and drop the answers, so another hash is refused.
 * @throws ClancyError `checkpoint_mismatch`.
 */
export function restore(checkpoint: BurstCheckpoint, hash: string): { saver: BurstSaver; pending: PendingRequest[] } {
  if (checkpoint.graph_hash !== hash) {
    throw new ClancyError('checkpoint_mismatch', 'the checkpoint belongs to another skill graph');
  }
  const state = stateSchema.safeParse(checkpoint.state);
  if (!state.success)
    throw new ClancyError('checkpoint_mismatch', 'the checkpoint is not one of a burst', { cause: state.error });
  return { saver: BurstSaver.fromWire(state.data.saver), pending: state.data.pending };
}
