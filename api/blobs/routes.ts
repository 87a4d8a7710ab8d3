import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { App } from '../../platform/http/server.ts';
import { scopeOf } from '../http/scope.ts';
import { MAX_FILE_BYTES, type Blobs } from './blobs.ts';
import { bodyOf, leaveBodiesUnread, lengthOf } from './body.ts';
import { BYTES, contentAsStream } from './contents.ts';
import { mediaTypeOf } from './media-type.ts';

export interface BlobRouteDeps {
  blobs: Blobs;
}

const params = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const blobView = z.strictObject({
  blob: z.strictObject({
    sha256: z.string().describe('What a parameter that takes a file refers to it by'),
    size: z.int().describe('Bytes'),
    media_type: z.string(),
  }),
});
const tags = ['blobs'];

/** Files of an organisation, for people who give them to their employees and read what these were sent. */
export function blobRoutes(app: App, deps: BlobRouteDeps): void {
  void app.register(async (scope: App) => {
    leaveBodiesUnread(scope);
    scope.post(
      '/v1/blobs',
      {
        config: { access: { principal: 'person', permission: 'runs.write' } },
        schema: {
          tags,
          summary: 'Keep a file: its bytes are the body, its media type the Content-Type; the same file twice is one',
          response: { 201: blobView },
        },
      },
      async (request, reply) => {
        const size = lengthOf(request, MAX_FILE_BYTES);
        const blob = { kind: 'file', mediaType: mediaTypeOf(request), size } as const;
        const { sha256, mediaType } = await deps.blobs.put(scopeOf(request), blob, bodyOf(request));
        return reply.status(201).send({ blob: { sha256, size, media_type: mediaType } });
      },
    );

    scope.get(
      '/v1/blobs/:sha256',
      {
        config: { access: { principal: 'person', permission: 'runs.read' } },
        schema: { tags, summary: 'The bytes of a file', params, response: { 200: BYTES } },
      },
      async (request, reply) => {
        const { sha256 } = request.params;
        const found = await deps.blobs.open(scopeOf(request), { kind: 'file', sha256 });
        if (!found) throw new ClancyError('not_found', 'There is no such file.');
        return reply
          .headers({
            // Whatever it says it is: no browser shows or runs it as a page of ours.
            'content-type': 'application/octet-stream',
            'content-disposition': `attachment; filename="${sha256}"`,
            'content-security-policy': "default-src 'none'; sandbox",
            'x-content-type-options': 'nosniff',
            'content-length': found.blob.size,
            'cache-control': 'private, no-store',
          })
          .send(contentAsStream(found.content));
      },
    );
  });
}
