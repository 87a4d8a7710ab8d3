/** A question that never comes back is asked anew after this time. */
const LOST_MS = 60_000;

/** An answer that serves for a while, good or bad; while the question is under way nobody asks it again. */
export function sharedAnswer<T>(
  ask: () => Promise<T>,
  keepMs: number,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let last: { answer: Promise<T>; untilMs: number } | undefined;
  return () => {
    if (last && now() < last.untilMs) return last.answer;
    const asked = { answer: ask(), untilMs: now() + LOST_MS };
    const end = (): void => {
      asked.untilMs = now() + keepMs;
    };
    asked.answer.then(end, end);
    last = asked;
    return asked.answer;
  };
}
