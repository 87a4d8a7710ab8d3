import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase } from '../../db/client.ts';
import type { Breakers } from '../limits/breaker.ts';
import type { Registry } from '../providers/registry.ts';
import type { App } from '../../platform/http/server.ts';

export interface HealthDeps {
  database: HubDatabase;
  waivers: string[];
  registry: Pick<Registry, 'providers'>;
  breakers: Pick<Breakers, 'open'>;
  /** Whether the process was told to end: it serves what comes, and asks for no more. */
  isStopping?: () => boolean;
}

/** The backlog is counted this far: what is more is a backlog all the same. */
const MAX_BACKLOG = 100;

const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  database: z.enum(['ok', 'unreachable']),
  /** Calls whose outcome could be settled by now, 100 at most. */
  settling_backlog: z.int().nullable(),
  /** Of each provider: how many connections this copy leaves alone, because the provider could not be reached over them. */
  providers: z.array(z.strictObject({ id: z.string(), open_breakers: z.int() })),
  /** Production's rules that do not hold here. */
  waivers: z.array(z.string()),
});

export function healthRoutes(app: App, deps: HealthDeps): void {
  app.get(
    '/health',
    {
      config: { access: { principal: 'public' } },
      schema: { summary: 'How the service does', tags: ['service'], response: { 200: healthSchema } },
    },
    async () => {
      const backlog = await deps.database.jobs.staleCalls(MAX_BACKLOG).then(
        (calls) => calls.length,
        () => null,
      );
      const isUp = backlog !== null;
      const open = deps.breakers.open();
      const isHealthy = isUp && backlog < MAX_BACKLOG && open.size === 0;
      return {
        status: isHealthy ? ('ok' as const) : ('degraded' as const),
        database: isUp ? ('ok' as const) : ('unreachable' as const),
        settling_backlog: backlog,
        providers: deps.registry.providers.map(({ definition: { id } }) => ({ id, open_breakers: open.get(id) ?? 0 })),
        waivers: deps.waivers,
      };
    },
  );
  app.get(
    '/ready',
    {
      config: { access: { principal: 'public' } },
      schema: {
        summary: 'Whether requests can be served',
        tags: ['service'],
        response: { 200: z.strictObject({ status: z.literal('ready') }) },
      },
    },
    async () => {
      if (deps.isStopping?.())
        throw new ClancyError('dependency_unavailable', 'The service is stopping.', { retryAfterMs: 1_000 });
      await deps.database.ping().catch((cause: unknown) => {
        throw new ClancyError('dependency_unavailable', 'The database cannot be reached.', { cause, retryAfterMs: 1_000 });
      });
      return { status: 'ready' as const };
    },
  );
}
