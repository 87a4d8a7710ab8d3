import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';

export const MAX_DOCUMENT_BYTES = 5 * 1024 * 1024;
const WANTED = 'Send the document as JSON or YAML.';
const LIMITS = { maxDepth: 100, maxValues: 500_000 };
const TIME_LIMIT_MS = 10_000;
const MEMORY_LIMIT_MB = 512;

const answerSchema = z.union([z.strictObject({ json: z.string() }), z.strictObject({ problem: z.string() })]);

/**
 * A document as it was sent: an object, or the text of JSON or YAML. Texts are read in a thread of their own, which is
 * ended when it takes too long. `wanted` says what to send instead of one that cannot be read.
 *
 * @throws ClancyError `payload_too_large`, `invalid_request`
 */
export async function readDocument(
  given: string | { [name: string]: unknown },
  { timeLimitMs = TIME_LIMIT_MS, wanted = WANTED }: { timeLimitMs?: number; wanted?: string } = {},
): Promise<JsonObject> {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) {
    throw new ClancyError('payload_too_large', 'A document has five megabytes at most.', {
      next: 'Leave out the operations that are not wanted.',
    });
  }
  const answer = await inThread(text, timeLimitMs).catch((error: unknown) => {
    throw error instanceof TooSlow ? unusable('it takes too long to read, or too much memory', wanted) : error;
  });
  if ('problem' in answer) throw unusable(answer.problem, wanted);
  return JSON.parse(answer.json) as JsonObject;
}

async function inThread(text: string, timeLimitMs: number): Promise<z.infer<typeof answerSchema>> {
  const thread = new Worker(new URL('./document-thread.mjs', import.meta.url), {
    workerData: { text, ...LIMITS },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB, stackSizeMb: 4 },
  });
  try {
    const [answer] = await once(thread, 'message', { signal: AbortSignal.timeout(timeLimitMs) });
    return answerSchema.parse(answer);
  } catch (error) {
    if (error instanceof z.ZodError) throw error;
    throw new TooSlow();
  } finally {
    await thread.terminate();
  }
}

class TooSlow extends Error {}

function unusable(message: string, next: string): ClancyError {
  return new ClancyError('invalid_request', 'The document cannot be read.', {
    fields: [{ field: '/document', message }],
    next,
  });
}
