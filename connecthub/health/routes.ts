import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase } from '../../db/client.ts';
import type { Breakers } from '../limits/breaker.ts';
import type { Registry } from '../providers/registry.ts';
import type { App } from '../../platform/http/server.ts';
import { isLate, webhookBacklog } from '../webhooks/backlog.ts';
import { KEY_SERVICE_STATES, type KeyServiceState } from '../../platform/secrets/key-watch.ts';

export interface HealthDeps {
  database: HubDatabase;
  waivers: string[];
  registry: Pick<Registry, 'providers'>;
  breakers: Pick<Breakers, 'open'>;
  keyState: () => Promise<KeyServiceState>;
  /** Whether the process was told to end: it serves what comes, and asks for no more. */
  isStopping?: () => boolean;
}

/** The backlog is counted this far: what is more is a backlog all the same. */
const MAX_BACKLOG = 100;

const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  database: z.enum(['ok', 'unreachable']),
  /** Of what wraps the data keys. `away`: organisations at hand are served for an hour at most. */
  key_service: z.enum(KEY_SERVICE_STATES),
  /** Calls whose outcome could be settled by now, 100 at most. */
  settling_backlog: z.int().nullable(),
  /**
   * Of each provider: how many connections this copy leaves alone, because the provider could not be reached over them;
   * and of how many the last refresh of the token failed, over all copies, null where the database does not say.
   */
  providers: z.array(z.strictObject({ id: z.string(), open_breakers: z.int(), failing_refreshes: z.int().nullable() })),
  /** Of what providers told: what Agent-Core has not taken yet, and what it will not take; null where the database does not say. */
  webhooks: z.strictObject({ unsent: z.int(), oldest_unsent_seconds: z.int(), parked: z.int() }).nullable(),
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
      const [backlog, failing, keyState, hooks] = await Promise.all([
        deps.database.jobs.staleCalls(MAX_BACKLOG).then(
          (calls) => calls.length,
          () => null,
        ),
        deps.database.jobs.failingRefreshes().catch(() => null),
        deps.keyState(),
        webhookBacklog(deps.database).catch(() => null),
      ]);
      const isUp = backlog !== null;
      const open = deps.breakers.open();
      const refreshes = new Map(failing?.map(({ provider, amount }) => [provider, amount]));
      const providers = deps.registry.providers.map(({ definition: { id } }) => ({
        id,
        open_breakers: open.get(id) ?? 0,
        failing_refreshes: failing && (refreshes.get(id) ?? 0),
      }));
      // Of the installation's alone: what an organisation brought along is no trouble of everybody's.
      const isCalm = providers.every((one) => one.open_breakers === 0 && (one.failing_refreshes ?? 0) === 0);
      const isHealthy = isUp && backlog < MAX_BACKLOG && isCalm && keyState === 'ok' && !isLate(hooks);
      return {
        status: isHealthy ? ('ok' as const) : ('degraded' as const),
        database: isUp ? ('ok' as const) : ('unreachable' as const),
        key_service: keyState,
        settling_backlog: backlog,
        providers,
        webhooks: hooks,
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
        response: { 200: z.strictObject({ status: z.literal('ready'), key_service: z.enum(KEY_SERVICE_STATES) }) },
      },
    },
    async () => {
      if (deps.isStopping?.())
        throw new ClancyError('dependency_unavailable', 'The service is stopping.', { retryAfterMs: 1_000 });
      await deps.database.ping().catch((cause: unknown) => {
        throw new ClancyError('dependency_unavailable', 'The database cannot be reached.', { cause, retryAfterMs: 1_000 });
      });
      const keyState = await deps.keyState();
      // A service that is away is away for every copy, and what is at hand serves on: only a wrong configuration is this one's.
      if (keyState === 'keys_missing')
        throw new ClancyError('key_service_unavailable', 'KEY_ENCRYPTION_KEY lacks keys that data keys are wrapped with.', {
          retryAfterMs: 10_000,
        });
      return { status: 'ready' as const, key_service: keyState };
    },
  );
}
