import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { sealPayload } from '../../platform/payloads/sealed-payload.ts';
import { scopeOf } from '../http/scope.ts';
import { decodePayloads, type DecodeDeps } from './decode.ts';
import { fromWire, payloadsBody, toWire } from './wire.ts';

export interface CodecRouteDeps extends DecodeDeps {
  encryptsPayloads: boolean;
  /** Origin of Temporal's Web UI, the only one whose pages may ask. */
  webUiOrigin?: string;
}

/** A page of the Web UI asks with all payloads of some events at once; one is 2 MB at most at Temporal. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
/** What the Web UI sends; the last one, its own proof of who signed in, is not read. A preflight without it stops every request. */
const ASKED_HEADERS = 'authorization, content-type, x-namespace, authorization-extras';
const tags = ['codec'];

/** The codec server of Temporal's Web UI and command: https://docs.temporal.io/codec-server */
export function codecRoutes(app: App, deps: CodecRouteDeps): void {
  const onSend = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => allowOrigin(deps, request, reply);
  const config = (permission: 'payloads.read' | 'runs.write') => ({ access: { principal: 'person', permission } }) as const;

  app.post(
    '/codec/decode',
    {
      config: config('payloads.read'),
      bodyLimit: BODY_LIMIT_BYTES,
      onSend,
      schema: {
        tags,
        summary: 'Decrypt payloads for Temporal’s Web UI and command; each reading is audited',
        body: payloadsBody,
        response: { 200: payloadsBody },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return toWire(await decodePayloads(deps, scopeOf(request), fromWire(request.body)));
    },
  );

  app.post(
    '/codec/encode',
    {
      config: config('runs.write'),
      bodyLimit: BODY_LIMIT_BYTES,
      onSend,
      schema: {
        tags,
        summary: "Encrypt payloads with the key of the caller's organisation",
        body: payloadsBody,
        response: { 200: payloadsBody },
      },
    },
    async (request) => {
      if (!deps.encryptsPayloads) return request.body;
      const key = await deps.payloadKeys.inUseOf(personOf(request).orgId);
      return toWire(fromWire(request.body).map((payload) => sealPayload(payload, key)));
    },
  );

  for (const path of ['/codec/decode', '/codec/encode']) {
    app.options(
      path,
      { config: { access: { principal: 'public' } }, onSend, schema: { hide: true, response: { 204: z.null() } } },
      async (_request, reply) => reply.status(204).send(null),
    );
  }
}

/** CORS for the Web UI alone, refusals included; the token comes in a header, never in a cookie. */
function allowOrigin({ webUiOrigin }: CodecRouteDeps, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'Origin');
  if (webUiOrigin === undefined || request.headers.origin !== webUiOrigin) return;
  reply.header('access-control-allow-origin', webUiOrigin);
  reply.header('access-control-allow-methods', 'POST, OPTIONS');
  reply.header('access-control-allow-headers', ASKED_HEADERS);
  reply.header('access-control-max-age', '600');
}
