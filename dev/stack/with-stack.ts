import { startStack, type Stack, type StackOptions } from './start-stack.ts';

const INTERRUPTED = 130; // 128 + SIGINT, as shells have it

/**
 * Runs `work` on a stack and ends the stack whatever happens: an error, Ctrl-C while it starts, Ctrl-C later.
 * `work` gets a promise that resolves at Ctrl-C, SIGTERM or a closed terminal, for what stays up until then.
 *
 * @returns the exit code: 0, 1 after an error (told to `onError`), 130 when interrupted before `work` was done.
 */
export async function withStack(
  options: StackOptions & { onError: (message: string) => void },
  work: (stack: Stack, interrupted: Promise<void>) => Promise<void>,
): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort());
  const interrupted = new Promise<void>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    const stack = await startStack({ ...options, signal: interruption.signal });
    try {
      const isDone = await Promise.race([work(stack, interrupted).then(() => true), interrupted.then(settle)]);
      return isDone ? 0 : INTERRUPTED;
    } finally {
      await stack.stop();
    }
  } catch (error) {
    if (interruption.signal.aborted) return INTERRUPTED;
    options.onError(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** Lets `work`, which may wait for the same interruption, have the first word. */
async function settle(): Promise<false> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  return false;
}
