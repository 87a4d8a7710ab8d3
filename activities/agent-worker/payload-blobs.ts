import { BlobError, createBlobClient } from '../../platform/blobs/client.ts';
import type { ServiceTokenSource } from '../../platform/auth/service-token.ts';
import type { PayloadBlobs } from '../../platform/payloads/blob-storage.ts';

/**
 * Large payloads at Agent-Core, for the worker's own token. While Agent-Core is away the task at hand fails and Temporal tries
 * it again.
 */
export function createWorkerPayloadBlobs(deps: { agentCoreUrl: string; serviceToken: ServiceTokenSource }): PayloadBlobs {
  const client = createBlobClient(deps);
  return {
    put: (workflowId, sha256, content, signal) => client.put(workflowId, { sha256, content }, signal),
    get: async (workflowId, sha256, signal) => {
      const found = await client.get(workflowId, sha256, signal);
      if (!found) throw new BlobError('there is none of this hash (any more)');
      return found.content;
    },
  };
}
