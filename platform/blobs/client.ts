import { createHash } from 'node:crypto';
import { request } from 'undici';
import type { ServiceTokenSource } from '../auth/service-token.ts';

/** Agent-Core's `/internal/blobs`, for our other processes. Each method rejects with {@link BlobError}. */
export interface BlobClient {
  /** Keeps a content for the organisation whose run or workflow this is. Put again it is the same, kept longer. */
  put(workflowId: string, blob: { sha256: string; content: Buffer; mediaType?: string }, signal?: AbortSignal): Promise<void>;
  /** Undefined where that organisation has none. Its hash has been looked at. */
  get(workflowId: string, sha256: string, signal?: AbortSignal): Promise<{ content: Buffer; mediaType: string } | undefined>;
}

/** Agent-Core did not answer, or said no. The same request may be made again. */
export class BlobError extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`a blob could not be had or kept: ${problem}`, options);
    this.name = 'BlobError';
  }
}

/** The largest file, and what the encoding of a payload adds. */
const MAX_BYTES = 25 * 1024 * 1024 + 64 * 1024;
const TIMEOUT_MS = 30_000;

export function createBlobClient(deps: { agentCoreUrl: string | URL; serviceToken: ServiceTokenSource }): BlobClient {
  const about = async (workflowId: string, sha256: string, signal: AbortSignal | undefined) => ({
    url: new URL(`/internal/blobs/${sha256}`, deps.agentCoreUrl),
    headers: { authorization: `Bearer ${await deps.serviceToken.token()}`, 'clancy-workflow-id': workflowId },
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]),
  });

  return {
    put: (workflowId, { sha256, content, mediaType = 'application/octet-stream' }, signal) =>
      reaching(async () => {
        const { url, headers, signal: until } = await about(workflowId, sha256, signal);
        const typed = { ...headers, 'content-type': mediaType };
        const { statusCode, body } = await request(url, { method: 'PUT', headers: typed, body: content, signal: until });
        await body.dump();
        if (statusCode !== 204) throw new BlobError(`agent-core answered ${statusCode}`);
      }),
    get: (workflowId, sha256, signal) =>
      reaching(async () => {
        const { url, headers, signal: until } = await about(workflowId, sha256, signal);
        const answer = await request(url, { method: 'GET', headers, signal: until });
        if (answer.statusCode !== 200) {
          await answer.body.dump();
          if (answer.statusCode === 404) return undefined;
          throw new BlobError(`agent-core answered ${answer.statusCode}`);
        }
        const content = await readBounded(answer.body);
        if (createHash('sha256').update(content).digest('hex') !== sha256) throw new BlobError('it is not what its hash names');
        return { content, mediaType: String(answer.headers['content-type'] ?? 'application/octet-stream') };
      }),
  };
}

async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof BlobError) throw cause;
    throw new BlobError('agent-core did not answer', { cause });
  }
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > MAX_BYTES) throw new BlobError(`it has more than ${MAX_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
