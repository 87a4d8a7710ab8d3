import type { FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../platform/http/server.ts';
import type { Delivery } from './definition.ts';
import { receive, type ReceiveDeps } from './receive.ts';

const answerSchema = z
  .looseObject({})
  .describe('Empty, or what the provider waits for: the challenge of an address that is being entered.');

/** Where providers tell what happens. The bytes are verified as they came, so that nothing parses them before. */
export async function hookRoutes(app: App, deps: ReceiveDeps): Promise<void> {
  await app.register(async (scope) => {
    const hooks = scope.withTypeProvider<ZodTypeProvider>();
    hooks.removeAllContentTypeParsers();
    hooks.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    hooks.post(
      '/hooks/:provider',
      {
        // A provider has no token of ours: its signature over the body is what lets it in.
        config: { access: { principal: 'public' } },
        schema: {
          summary: 'What a provider tells us, signed by it',
          description: 'Stored before it is answered; a repetition of the same event changes nothing.',
          tags: ['webhooks'],
          params: z.strictObject({ provider: z.string().max(40) }),
          response: { 200: answerSchema },
        },
      },
      async (request, reply) => {
        const answer = await receive(deps, request.params.provider, toDelivery(request, deps.clock()), request.ip);
        // An empty object would be shown as a message, or be no answer at all, at some of them.
        if (answer !== undefined) return reply.status(200).send(answer);
        return reply
          .status(200)
          .type('text/plain')
          .serializer(() => '')
          .send({});
      },
    );
  });
}

function toDelivery(request: FastifyRequest, receivedAt: Date): Delivery {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  return {
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    headers: Object.fromEntries(headers),
    receivedAt,
  };
}
