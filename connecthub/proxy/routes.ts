import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json.ts';
import { agentOf } from '../../platform/http/access.ts';
import { toClancyError } from '../../platform/http/errors.ts';
import type { App } from '../../platform/http/server.ts';
import type { DenialRecorder } from '../http/denials.ts';
import { executeCall, type ExecuteDeps } from './execute.ts';

const parametersSchema = z.strictObject({ provider: z.string().max(40), capability: z.string().max(160) });
const bodySchema = z.strictObject({ connection_id: z.string().min(1).max(64), parameters: jsonObjectSchema });
const successSchema = z.strictObject({
  call_id: z.string(),
  status: z.literal('succeeded'),
  result: jsonSchema,
  provider_effect_id: z.string().optional(),
  replayed: z.boolean(),
});

export interface ProxyRouteDeps extends ExecuteDeps {
  denials: DenialRecorder;
}

export function proxyRoutes(app: App, deps: ProxyRouteDeps): void {
  app.post(
    '/proxy/:provider/:capability',
    {
      config: { access: { principal: 'agent' }, auditsItself: true },
      schema: {
        summary: 'Use a capability, once',
        description: 'Headers: Idempotency-Key (the call id) and Clancy-Run-Ticket.',
        tags: ['proxy'],
        params: parametersSchema,
        body: bodySchema,
        response: { 200: successSchema },
      },
      onError: async (request, _reply, error) => {
        if (request.principal) await deps.denials.ofCall(request, toClancyError(error));
      },
    },
    async (request) =>
      executeCall(deps, {
        agent: agentOf(request),
        ticket: single(request.headers['clancy-run-ticket']),
        callId: single(request.headers['idempotency-key']),
        provider: request.params.provider,
        capability: request.params.capability,
        connectionId: request.body.connection_id,
        parameters: request.body.parameters,
        source: request.ip,
      }),
  );
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? undefined : header;
}
