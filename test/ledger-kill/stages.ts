import type { Interruption } from './caller.ts';
import type { Evidence } from './evidence.ts';

/** How far a call had come when its process was killed. */
export const STAGES = [
  'before in_flight',
  'in_flight, nothing sent',
  'on the wire',
  'effect made, not answered',
  'answered, not recorded',
  'recorded, not told',
] as const;
export type Stage = (typeof STAGES)[number];

/** The stage of a call's first try, by the ledger at that moment and the provider's log. */
export function stageOf({ state, sentAtMs, killedAtMs }: Interruption, { requests, effects }: Evidence): Stage {
  if (state === undefined) return 'before in_flight';
  if (state !== 'in_flight') return 'recorded, not told';
  const request = requests.find(({ atMs }) => atMs >= sentAtMs && atMs <= killedAtMs);
  if (!request) return 'in_flight, nothing sent';
  const effect = effects.find(({ requestId, atMs }) => requestId === request.requestId && atMs <= killedAtMs);
  if (!effect) return 'on the wire';
  return request.status === null ? 'effect made, not answered' : 'answered, not recorded';
}

/** Counted by stage, every stage named. */
export function countStages(stages: readonly Stage[]): { [stage in Stage]: number } {
  const counts = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as { [stage in Stage]: number };
  for (const stage of stages) counts[stage] += 1;
  return counts;
}
