import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { triggerAnswerSchema, triggerBodySchema, type TriggerAnswer } from '../../contracts/trigger.ts';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { scopeOf } from '../http/scope.ts';
import { decideTrigger, decideTriggerBody } from './decide.ts';
import { getTrigger } from './get.ts';
import { listTriggers, listTriggersQuery, triggerPage, type ListTriggersDeps } from './list.ts';
import { triggerOfPerson, triggerOfWebhook } from './new-trigger.ts';
import { sendTrigger, type SendTriggerDeps } from './send.ts';
import { triggerIdSchema, triggerView } from './views.ts';

export type TriggerRouteDeps = SendTriggerDeps & ListTriggersDeps;

const params = z.strictObject({ trigger_id: triggerIdSchema });
const tags = ['triggers'];
const read = { access: { principal: 'person', permission: 'runs.read' } } as const;
const write = { access: { principal: 'person', permission: 'runs.write' } } as const;

/** Whoever may start runs may ask for them without saying whose they are. */
export function triggerRoutes(app: App, deps: TriggerRouteDeps): void {
  app.post(
    '/v1/triggers',
    {
      config: { access: { principal: 'person_or_service', permission: 'runs.write', services: ['connecthub'] } },
      schema: {
        tags,
        summary: 'Ask for work: the supervisor chooses the employee and its skills',
        description:
          'People send `text`, `type` with `payload`, or `employee_id`, with a `trigger_id` or an `Idempotency-Key`. ' +
          "ConnectHub's service sends verified webhooks (`source: webhook`). The same trigger again gets the first answer.",
        body: triggerBodySchema,
        response: { 202: triggerAnswerSchema },
      },
    },
    async (request, reply) => {
      const answer = await send(deps, request, request.body);
      return reply.status(202).header('location', `/v1/triggers/${answer.trigger_id}`).send(answer);
    },
  );

  app.get(
    '/v1/triggers',
    {
      config: read,
      schema: { tags, summary: 'List triggers', querystring: listTriggersQuery, response: { 200: triggerPage } },
    },
    async (request) => listTriggers(deps, personOf(request).orgId, request.query),
  );

  app.get(
    '/v1/triggers/:trigger_id',
    {
      config: read,
      schema: { tags, summary: 'Show a trigger: who was chosen, and why', params, response: { 200: triggerView } },
    },
    async (request) => getTrigger(deps, personOf(request).orgId, request.params.trigger_id),
  );

  app.post(
    '/v1/triggers/:trigger_id/decide',
    {
      config: write,
      schema: {
        tags,
        summary: 'Choose the employee where several fit, or dismiss the trigger',
        params,
        body: decideTriggerBody,
        response: { 200: triggerView },
      },
    },
    async (request) => {
      const asked = { triggerId: request.params.trigger_id, person: personOf(request), body: request.body };
      return decideTrigger(deps, scopeOf(request), asked);
    },
  );
}

/** A person speaks for their own organisation; only ConnectHub says whose an event is. */
async function send(
  deps: SendTriggerDeps,
  request: FastifyRequest,
  body: z.infer<typeof triggerBodySchema>,
): Promise<TriggerAnswer> {
  const isService = request.principal?.kind === 'service';
  if (body.source === 'webhook') {
    if (!isService) throw new ClancyError('forbidden', 'Webhooks come from ConnectHub alone.');
    const actor = { type: 'service', id: 'connecthub' } as const;
    return sendTrigger(deps, { orgId: body.org_id, actor, source: request.ip }, triggerOfWebhook(body));
  }
  if (isService) throw new ClancyError('forbidden', 'A service sends webhooks alone: a person asks for themselves.');
  return sendTrigger(
    deps,
    scopeOf(request),
    triggerOfPerson(personOf(request), body, () => idempotencyKeyOf(request)),
  );
}
