import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface TestS3 {
  url: string;
  /** By bucket and key, as they stand. */
  objects: Map<string, Buffer>;
  close(): Promise<void>;
}

const KEY_ID = 'test-key';

/** The environment of a process that signs for it. */
export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: KEY_ID, AWS_SECRET_ACCESS_KEY: 'test-secret' };

/**
 * A small S3 with the bucket's name in the path: PutObject, GetObject, DeleteObject as their reference says, errors as XML.
 * An object is there once its whole body has come. Only signed requests are answered.
 */
export async function startTestS3(bucket: string): Promise<TestS3> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    handle(bucket, objects, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function handle(bucket: string, objects: Map<string, Buffer>, request: IncomingMessage, response: ServerResponse) {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://s3').pathname.slice(1));
  if (!request.headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${KEY_ID}/`))
    return refuse(response, 403, 'AccessDenied');
  if (!path.startsWith(`${bucket}/`)) return refuse(response, 404, 'NoSuchBucket');
  if (request.method === 'PUT') return put(objects, path, request, response);
  if (request.method === 'DELETE') {
    objects.delete(path);
    response.writeHead(204).end();
    return undefined;
  }
  const object = objects.get(path);
  if (!object) return refuse(response, 404, 'NoSuchKey');
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': object.length }).end(object);
  return undefined;
}

async function put(
  objects: Map<string, Buffer>,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers['content-length'] === undefined) return refuse(response, 411, 'MissingContentLength');
  if (request.headers['content-encoding'] === 'aws-chunked') return refuse(response, 501, 'NotImplemented');
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  objects.set(path, Buffer.concat(pieces));
  response.writeHead(200, { etag: '"test"' }).end();
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' }).end(body);
}
