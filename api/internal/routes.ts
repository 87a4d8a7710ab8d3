import { z } from 'zod';
import type { App } from '../../platform/http/server.ts';
import { agentTokenBody, agentTokenView, issueAgentToken, type AgentTokenDeps } from './issue-agent-token.ts';
import { issuePayloadKey, payloadKeyBody, payloadKeyView, type PayloadKeyRouteDeps } from './issue-payload-key.ts';
import { connectionChangeBody, recordConnection, type RecordConnectionDeps } from './record-connection.ts';
import { decisionBody, recordDecision, type RecordDecisionDeps } from './record-decision.ts';

const tags = ['internal'];

/** For our own processes only. */
export function internalRoutes(
  app: App,
  deps: AgentTokenDeps & PayloadKeyRouteDeps & RecordDecisionDeps & RecordConnectionDeps,
): void {
  app.post(
    '/internal/agent-tokens',
    {
      config: { access: { principal: 'service', services: ['worker'] } },
      schema: {
        tags,
        summary: "Exchange a run ticket for the employee's token",
        body: agentTokenBody,
        response: { 200: agentTokenView },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return issueAgentToken(deps, request.ip, request.body);
    },
  );

  app.post(
    '/internal/payload-keys',
    {
      config: { access: { principal: 'service', services: ['worker'] } },
      schema: {
        tags,
        summary: "The key of a workflow's payloads",
        body: payloadKeyBody,
        response: { 200: payloadKeyView },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return issuePayloadKey(deps, request.ip, request.body);
    },
  );

  app.post(
    '/internal/decisions',
    {
      config: { access: { principal: 'service', services: ['connecthub'] } },
      schema: {
        tags,
        summary: 'Take over a decision made at ConnectHub',
        body: decisionBody,
        response: { 202: z.strictObject({ decision_id: z.string() }) },
      },
    },
    async (request, reply) => {
      await recordDecision(deps, request.ip, request.body);
      return reply.status(202).send({ decision_id: request.body.decision_id });
    },
  );

  app.post(
    '/internal/connections',
    {
      config: { access: { principal: 'service', services: ['connecthub'] } },
      schema: {
        tags,
        summary: 'Take over what a connection at ConnectHub has become',
        body: connectionChangeBody,
        response: { 202: z.strictObject({ event_id: z.string() }) },
      },
    },
    async (request, reply) => {
      await recordConnection(deps, request.ip, request.body);
      return reply.status(202).send({ event_id: request.body.event_id });
    },
  );
}
