import type { Strategy } from './kinds.ts';
import { gatherEvidence, type Evidence } from './evidence.ts';
import type { EndedCall, KillGround } from './ground.ts';
import { countStages, stageOf, type Stage } from './stages.ts';

export interface JudgedCall extends EndedCall, Evidence {}

/** What the kills of one strategy came to. */
export interface Judgement {
  readonly calls: readonly JudgedCall[];
  /** First tries that a kill interrupted, by how far they had come. */
  readonly stages: { readonly [stage in Stage]: number };
  /** Repeats that a further kill interrupted. */
  readonly repeats: number;
}

/** Waits for all callers and holds what they heard against the providers' logs. */
export async function judge(ground: KillGround): Promise<(strategy: Strategy) => Judgement> {
  const ended = await ground.ended();
  const evidenceOf = await gatherEvidence(ground);
  return (strategy) => {
    const calls = ended.filter(({ site }) => site.kind.strategy === strategy).map((call) => ({ ...call, ...evidenceOf(call) }));
    const interrupted = calls.filter(({ interruptions }) => interruptions.length > 0);
    return {
      calls,
      stages: countStages(interrupted.map((call) => stageOf(call.interruptions[0]!, call))),
      repeats: interrupted.reduce((sum, { interruptions }) => sum + interruptions.length - 1, 0),
    };
  };
}

/** Whether a kill met the call after it had been committed as in flight and before its outcome was. */
export const wasInFlight = ({ interruptions }: EndedCall): boolean =>
  interruptions.some(({ state }) => state === 'in_flight' || state === 'maybe');

/** Whoever ran it wants the figures, and the terminal leaves annotations out. */
export function tell(strategy: Strategy, kills: number, { calls, stages, repeats }: Judgement): void {
  const interrupted = Object.values(stages).reduce((sum, n) => sum + n, 0);
  const doubled = calls.filter(({ effects }) => effects.length > 1).length;
  const unknown = calls.filter(({ heard }) => heard.kind === 'unknown').length;
  const lost = calls.filter(({ heard, effects }) => heard.kind === 'succeeded' && effects.length === 0).length;
  process.stdout.write(
    `${strategy}: ${kills} processes killed, ${calls.length} calls, ${interrupted} interrupted: ${Object.entries(stages)
      .map(([stage, n]) => `${n} ${stage}`)
      .join('; ')}. ${repeats} repeats interrupted. ${doubled} doubled, ${lost} lost, ${unknown} unknown\n`,
  );
}
