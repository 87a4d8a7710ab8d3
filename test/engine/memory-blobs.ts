import type { PayloadBlobs } from '../../platform/payloads/blob-storage.ts';

export interface MemoryBlobs extends PayloadBlobs {
  /** Bytes of what is kept, by the workflow that it was put for. */
  sizesOf(runId: string): number[];
  /** While it is away, nothing is kept or given. */
  isAway: boolean;
  /** How often somebody came while it was away. */
  refused: number;
}

/** Large payloads in memory, in Agent-Core's place. What was never put is an error. */
export function createMemoryBlobs(): MemoryBlobs {
  const kept = new Map<string, { workflowId: string; content: Buffer }>();
  const blobs: MemoryBlobs = {
    isAway: false,
    refused: 0,
    put: async (workflowId, sha256, content) => {
      assertThere(blobs);
      kept.set(sha256, { workflowId, content });
    },
    get: async (_workflowId, sha256) => {
      assertThere(blobs);
      const found = kept.get(sha256);
      if (!found) throw new Error(`nobody has put ${sha256}`);
      return found.content;
    },
    sizesOf: (runId) =>
      [...kept.values()].filter(({ workflowId }) => workflowId.startsWith(runId)).map(({ content }) => content.length),
  };
  return blobs;
}

function assertThere(blobs: MemoryBlobs): void {
  if (!blobs.isAway) return;
  blobs.refused += 1;
  throw new Error('agent-core did not answer');
}
