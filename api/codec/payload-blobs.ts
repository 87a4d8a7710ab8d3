import type { Payload } from '@temporalio/common';
import type { Blobs } from '../blobs/blobs.ts';
import { claimIn, fetchPayload, type PayloadBlobs } from '../../platform/payloads/blob-storage.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import { systemScope } from '../http/scope.ts';

export type OrgOfWorkflow = (workflowId: string) => Promise<string | undefined>;

const OF_TEMPORAL = 'application/vnd.temporal.payload';

/** Large payloads in Agent-Core's own blobs, for its Temporal client and its own worker. */
export function createCorePayloadBlobs(blobs: Blobs, orgOfWorkflow: OrgOfWorkflow): PayloadBlobs {
  const scopeOf = async (workflowId: string) => {
    const orgId = await orgOfWorkflow(workflowId);
    if (orgId === undefined) throw new SealedTextError();
    return systemScope(orgId, 'temporal');
  };
  return {
    put: async (workflowId, sha256, content) => {
      const blob = { kind: 'payload', mediaType: OF_TEMPORAL, size: content.length, sha256, runId: workflowId } as const;
      await blobs.put(await scopeOf(workflowId), blob, inOne(content));
    },
    get: async (workflowId, sha256) => {
      const found = await blobs.open(await scopeOf(workflowId), { kind: 'payload', sha256 });
      if (!found) throw new SealedTextError();
      const pieces: Buffer[] = [];
      for await (const piece of found.content) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}

/** What a reference stands for, in a workflow of the organisation that it names; any other payload as it is. */
export function createResolver(blobs: Pick<PayloadBlobs, 'get'>, orgOfWorkflow: OrgOfWorkflow) {
  return async (payload: Payload, workflowId: string): Promise<Payload> => {
    const claim = claimIn(payload);
    if (!claim) return payload;
    const [named, own] = await Promise.all([orgOfWorkflow(claim.workflowId), orgOfWorkflow(workflowId)]);
    if (named !== own) throw new SealedTextError();
    return fetchPayload(blobs, claim);
  };
}

async function* inOne(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}
