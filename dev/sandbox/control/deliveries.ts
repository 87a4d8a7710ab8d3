import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isLoopbackHost } from '../core/loopback.ts';
import { deliverWebhook, type WebhookSender } from '../core/webhooks.ts';
import { parseInput } from './errors.ts';

/** Body of `POST /_sandbox/{provider}/deliveries`: an event of the provider's, and where it goes. */
export const deliverySchema = z.strictObject({
  url: z.url().refine((url) => isLoopbackHost(new URL(url).hostname), 'the sandbox sends to loopback only'),
  event: z.unknown(),
  /** Between two attempts; providers take minutes. */
  pause_ms: z.number().int().min(0).max(60_000).default(50),
});
export type DeliveryInput = z.input<typeof deliverySchema>;

export const attemptsSchema = z.object({ attempts: z.array(z.object({ status: z.number().nullable(), body: z.string() })) });

/** Delivers an event, signed and repeated as the provider does; answers when it was taken or given up. */
export function registerDeliveries(app: FastifyInstance, provider: string, sender: WebhookSender): void {
  app.post(`/${provider}/deliveries`, async (request) => {
    const { url, event, pause_ms: pauseMs } = parseInput(deliverySchema, request.body);
    return { attempts: await deliverWebhook(url, sender.prepare(event), { retries: sender.retries, pauseMs }) };
  });
}
