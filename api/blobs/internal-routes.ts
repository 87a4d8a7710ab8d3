import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope } from '../../db/client.ts';
import type { Access } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import type { BlobKind } from './rows.ts';
import { MAX_FILE_BYTES, type Blobs } from './blobs.ts';
import { bodyOf, leaveBodiesUnread, lengthOf } from './body.ts';
import { BYTES, contentAsStream, SEALED_OVERHEAD_BYTES } from './contents.ts';
import { mediaTypeOf } from './media-type.ts';

export interface InternalBlobDeps {
  blobs: Blobs;
  /** Whose workflow it is: what an id of a run or of one of its workflows tells. */
  orgOfWorkflow: (workflowId: string) => Promise<string | undefined>;
}

const params = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const headers = z.looseObject({
  'clancy-workflow-id': z.string().min(1).max(400).describe('Id of the run, or of one of its workflows: whose blob it is'),
});
/** What a service puts and gets: a worker what Temporal holds references to, ConnectHub files. Neither sees the other's. */
const KIND_OF: { readonly [service: string]: BlobKind } = { worker: 'payload', connecthub: 'file' };
const tags = ['internal'];
const config: { access: Access } = { access: { principal: 'service', services: ['worker', 'connecthub'] } };

/** Large values of runs, by their hash. Which organisation's they are follows from the run. */
export function internalBlobRoutes(app: App, deps: InternalBlobDeps): void {
  void app.register(async (scope: App) => {
    leaveBodiesUnread(scope);
    scope.put(
      '/internal/blobs/:sha256',
      {
        config,
        schema: { tags, summary: 'Keep a large value of a run', params, headers, response: { 204: z.null() } },
      },
      async (request, reply) => {
        const owner = await ownerOf(deps, request, request.headers['clancy-workflow-id']);
        const size = lengthOf(request, MAX_FILE_BYTES + SEALED_OVERHEAD_BYTES);
        const { sha256 } = request.params;
        const blob = {
          kind: owner.kind,
          mediaType: mediaTypeOf(request),
          size,
          sha256,
          runId: request.headers['clancy-workflow-id'],
        };
        await deps.blobs.put(owner.scope, blob, bodyOf(request));
        return reply.status(204).send(null);
      },
    );

    scope.get(
      '/internal/blobs/:sha256',
      {
        config,
        schema: { tags, summary: 'A large value of a run', params, headers, response: { 200: BYTES } },
      },
      async (request, reply) => {
        const owner = await ownerOf(deps, request, request.headers['clancy-workflow-id']);
        const found = await deps.blobs.open(owner.scope, { kind: owner.kind, sha256: request.params.sha256 });
        if (!found) throw new ClancyError('not_found', 'There is no such blob.');
        return reply
          .headers({ 'content-type': found.blob.mediaType, 'content-length': found.blob.size, 'cache-control': 'no-store' })
          .send(contentAsStream(found.content));
      },
    );
  });
}

/** @throws ClancyError `not_found` for a workflow of nobody, as for a blob that is not there */
async function ownerOf(
  deps: InternalBlobDeps,
  request: FastifyRequest,
  workflowId: string,
): Promise<{ scope: OrgScope; kind: BlobKind }> {
  const service = request.principal?.kind === 'service' ? request.principal.service : undefined;
  const kind = service === undefined ? undefined : KIND_OF[service];
  const orgId = await deps.orgOfWorkflow(workflowId);
  if (service === undefined || kind === undefined || orgId === undefined)
    throw new ClancyError('not_found', 'There is no such blob.');
  return { scope: { orgId, actor: { type: 'service', id: service }, source: request.ip }, kind };
}
