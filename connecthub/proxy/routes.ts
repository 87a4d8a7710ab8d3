import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json.ts';
import { agentOf } from '../../platform/http/access.ts';
import { toClancyError } from '../../platform/http/errors.ts';
import type { App } from '../../platform/http/server.ts';
import type { DenialRecorder } from '../http/denials.ts';
import type { CallMetrics } from '../metrics/call-metrics.ts';
import { deprecationHeaders } from './deprecation.ts';
import { executeCall, type ExecuteDeps } from './execute.ts';

const parametersSchema = z.strictObject({ provider: z.string().max(40), capability: z.string().max(160) });
/** Absent or doubled ones are refused with codes of their own. */
const headersSchema = z.looseObject({
  'idempotency-key': z.unknown().optional().meta({ type: 'string', description: 'The call id' }),
  'clancy-run-ticket': z.unknown().optional().meta({ type: 'string', description: "The run's ticket (JWS)" }),
});
const bodySchema = z.strictObject({ connection_id: z.string().min(1).max(64), parameters: jsonObjectSchema });
const successSchema = z.strictObject({
  call_id: z.string(),
  status: z.literal('succeeded'),
  result: jsonSchema,
  provider_effect_id: z.string().optional(),
  replayed: z.boolean(),
  rehearsed: z.literal(true).optional(),
});

export interface ProxyRouteDeps extends ExecuteDeps {
  denials: DenialRecorder;
  metrics: CallMetrics;
}

export function proxyRoutes(app: App, deps: ProxyRouteDeps): void {
  app.post(
    '/proxy/:provider/:capability',
    {
      config: { access: { principal: 'agent' }, auditsItself: true },
      schema: {
        summary: 'Use a capability, once',
        tags: ['proxy'],
        headers: headersSchema,
        params: parametersSchema,
        body: bodySchema,
        response: { 200: successSchema },
      },
      onError: async (request, _reply, error) => {
        if (!request.principal) return;
        const known = toClancyError(error);
        deps.metrics.answered(request.params.provider, request.params.capability, known);
        await deps.denials.ofCall(request, known);
      },
    },
    async (request, reply) => {
      const { provider, capability } = request.params;
      const asked = {
        agent: agentOf(request),
        ticket: single(request.headers['clancy-run-ticket']),
        callId: single(request.headers['idempotency-key']),
        provider,
        capability,
        connectionId: request.body.connection_id,
        parameters: request.body.parameters,
        source: request.ip,
      };
      const answer = await executeCall(deps, asked, (deprecation) => void reply.headers(deprecationHeaders(deprecation)));
      deps.metrics.answered(provider, capability, answer);
      return answer;
    },
  );
}

function single(header: unknown): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
