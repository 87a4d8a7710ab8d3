import type { Logger } from '../logger.ts';

const SAY_AGAIN_MS = 60_000;

/** Tells operators of spans that nobody will see. */
export interface Losses {
  lost(spans: number, reason: string): void;
}

/** Says at most once a minute how many spans were lost since the last time, and why the last of them were. */
export function createLosses(logger: Pick<Logger, 'warn'>, nowMs: () => number = () => performance.now()): Losses {
  let lostSpans = 0;
  let lastSaidMs = Number.NEGATIVE_INFINITY;
  return {
    lost: (spans, reason) => {
      lostSpans += spans;
      if (nowMs() - lastSaidMs < SAY_AGAIN_MS) return;
      logger.warn({ lost_spans: lostSpans, reason }, 'traces could not be exported');
      lastSaidMs = nowMs();
      lostSpans = 0;
    },
  };
}
