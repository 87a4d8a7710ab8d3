import { z } from 'zod';
import type { ClancyClient } from '../client/clancy-client.ts';
import type { AuditClient } from '../client/audit.ts';
import type { VerbOption } from '../verb.ts';

export const SERVICES = ['agent-core', 'connecthub'] as const;

/** Each service has its own audit. */
export const serviceOption: VerbOption = {
  flags: '--service <name>',
  description: 'agent-core (employees, runs, approvals), or connecthub (connections, calls, receipts)',
};
export const serviceInput = z.enum(SERVICES, 'agent-core or connecthub');

export function auditOf(client: ClancyClient, service: (typeof SERVICES)[number]): AuditClient {
  return service === 'connecthub' ? client.hubAudit : client.audit;
}
