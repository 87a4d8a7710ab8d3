import type { Logger } from 'pino';
import type { CoreDatabase } from '../db/client.ts';
import type { Verifiers } from '../platform/http/access.ts';
import type { Served } from '../platform/metrics/http.ts';
import { createServer, type App } from '../platform/http/server.ts';
import { approvalRoutes } from './approvals/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { blobRoutes } from './blobs/routes.ts';
import { internalBlobRoutes, type InternalBlobDeps } from './blobs/internal-routes.ts';
import { codecRoutes, type CodecRouteDeps } from './codec/routes.ts';
import { employeeRoutes, type EmployeeRouteDeps } from './employees/routes.ts';
import { employeeFileRoutes } from './employees/file/routes.ts';
import { versionRoutes } from './employees/version-routes.ts';
import { factRoutes, type FactRouteDeps } from './facts/routes.ts';
import { createDenialRecorder } from './http/denials.ts';
import { healthRoutes, type HealthDeps } from './http/health.ts';
import { createMembershipRecorder } from './identity/memberships.ts';
import type { AgentTokenDeps } from './internal/issue-agent-token.ts';
import type { PayloadKeyRouteDeps } from './internal/issue-payload-key.ts';
import { internalRoutes } from './internal/routes.ts';
import { memoryRoutes, type MemoryRouteDeps } from './memory/routes.ts';
import { insightRoutes } from './learning/routes.ts';
import { quotaRoutes } from './quotas/routes.ts';
import { rehearsalRoutes, type RehearsalRouteDeps } from './rehearsal/routes.ts';
import { runEventRoutes } from './runs/live/routes.ts';
import type { WatchDeps } from './runs/live/watch.ts';
import { runRoutes, type RunRouteDeps } from './runs/routes.ts';
import { scheduleRoutes, type ScheduleRouteDeps } from './schedules/routes.ts';
import { supervisorRoutes } from './supervisor/routes.ts';
import { triggerRoutes, type TriggerRouteDeps } from './triggers/routes.ts';

export type AgentCoreDeps = EmployeeRouteDeps &
  RunRouteDeps &
  RehearsalRouteDeps &
  ScheduleRouteDeps &
  TriggerRouteDeps &
  MemoryRouteDeps &
  FactRouteDeps &
  WatchDeps &
  AgentTokenDeps &
  PayloadKeyRouteDeps &
  InternalBlobDeps &
  CodecRouteDeps & {
    db: CoreDatabase;
    logger: Logger;
    verifiers: Verifiers;
    health: HealthDeps;
    onServed?: ((served: Served) => void) | undefined;
  };

/** Agent-Core's HTTP side. Call `ready()` or `listen()`: a route without declared access does not boot. */
export async function createAgentCore(deps: AgentCoreDeps): Promise<App> {
  const memberships = createMembershipRecorder(deps.db);
  const app = await createServer({
    title: 'Clancy Agent-Core',
    description: 'Hires, runs and governs AI employees.',
    version: deps.health.version,
    logger: deps.logger,
    verifiers: deps.verifiers,
    // Before a permission is asked for: somebody who lost theirs must not keep the recorded ones.
    onVerified: async (principal, { ip }) => {
      if (principal.kind === 'person') await memberships.record(principal, ip);
    },
    onDenied: createDenialRecorder(deps),
    onServed: deps.onServed,
  });
  healthRoutes(app, deps.health);
  employeeRoutes(app, deps);
  versionRoutes(app, deps);
  employeeFileRoutes(app, deps);
  rehearsalRoutes(app, deps);
  runRoutes(app, deps);
  runEventRoutes(app, deps);
  scheduleRoutes(app, deps);
  triggerRoutes(app, deps);
  supervisorRoutes(app, deps);
  factRoutes(app, deps);
  auditRoutes(app, deps);
  insightRoutes(app, deps);
  approvalRoutes(app, deps);
  memoryRoutes(app, deps);
  quotaRoutes(app, deps);
  codecRoutes(app, deps);
  internalRoutes(app, deps);
  blobRoutes(app, deps);
  internalBlobRoutes(app, deps);
  return app;
}
