import type { CoreDatabase } from '../../db/client.ts';
import type { RunMemory } from '../../api/memory/memory.ts';
import type { RunTicket } from '../../platform/auth/run-ticket.ts';

export interface AgentCoreActivityDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead' | 'auditDenied'>;
  /** Rejects with `AuthError`. */
  verifyTicket: (ticket: string) => Promise<RunTicket>;
  memory: Pick<RunMemory, 'prepareToRemember' | 'remember'>;
  logger: { warn(details: object, message: string): void };
}
