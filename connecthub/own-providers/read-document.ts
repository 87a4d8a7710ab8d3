import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';

export const MAX_DOCUMENT_BYTES = 5 * 1024 * 1024;
const LIMITS = { maxDepth: 100, maxValues: 500_000 };
const TIME_LIMIT_MS = 10_000;
const MEMORY_LIMIT_MB = 512;

const answerSchema = z.union([z.strictObject({ json: z.string() }), z.strictObject({ problem: z.string() })]);

/**
 * A document as it was sent: an object, or the text of JSON or YAML. Texts are read in a thread of their own, which is
 * ended when it takes too long.
 *
 * @throws ClancyError `payload_too_large`, `invalid_request`
 */
export async function readDocument(
  given: string | { [name: string]: unknown },
  { timeLimitMs = TIME_LIMIT_MS }: { timeLimitMs?: number } = {},
): Promise<JsonObject> {
  const text = typeof given === 'string' ? given : JSON.stringify(given);
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) {
    throw new ClancyError('payload_too_large', 'A document has five megabytes at most.', {
      next: 'Leave out the operations that are not wanted.',
    });
  }
  const answer = await inThread(text, timeLimitMs);
  if ('problem' in answer) throw unusable(answer.problem);
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
    throw unusable('it takes too long to read, or too much memory');
  } finally {
    await thread.terminate();
  }
}

function unusable(message: string): ClancyError {
  return new ClancyError('invalid_request', 'The document cannot be read.', {
    fields: [{ field: '/document', message }],
    next: 'Send an OpenAPI 3.0 or 3.1 document as JSON or YAML.',
  });
}
