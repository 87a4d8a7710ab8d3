import { z } from 'zod';
import type { App } from '../../platform/http/server.ts';
import type { Mode } from '../../platform/config.ts';
import { KEY_SERVICE_STATES, type KeyServiceState } from '../../platform/secrets/key-watch.ts';

export interface HealthDeps {
  mode: Mode;
  version: string;
  /** Development parts in use, by name (design, "Mode"). */
  waivers: readonly string[];
  /** Whether the process was told to end: it serves what comes, and asks for no more. */
  isStopping?: (() => boolean) | undefined;
  /** Rejects when the database is away. */
  pingDatabase: () => Promise<void>;
  keyState: () => Promise<KeyServiceState>;
  /** Rejects when Temporal is away. Agent-Core goes on accepting runs then. */
  pingTemporal: () => Promise<void>;
}

const healthView = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  /** Of what wraps the data keys. `away`: organisations at hand are served for an hour at most. */
  key_service: z.enum(KEY_SERVICE_STATES),
  mode: z.string(),
  version: z.string(),
  waivers: z.array(z.string()),
});
const partView = z.enum(['ok', 'away']);
const readyView = z.strictObject({
  status: z.enum(['ready', 'not_ready', 'stopping']),
  database: partView,
  temporal: partView,
  key_service: z.enum(KEY_SERVICE_STATES),
});

/** `/health`: the process lives. `/ready`: it can do its work and wants more; without its database it cannot. */
export function healthRoutes(app: App, deps: HealthDeps): void {
  const config = { access: { principal: 'public' } } as const;
  const tags = ['operations'];
  const { mode, version, waivers } = deps;
  const about = { mode, version, waivers: [...waivers] };

  app.get('/health', { config, schema: { tags, response: { 200: healthView } } }, async () => {
    const keyState = await deps.keyState();
    return { status: keyState === 'ok' ? ('ok' as const) : ('degraded' as const), key_service: keyState, ...about };
  });

  app.get('/ready', { config, schema: { tags, response: { 200: readyView, 503: readyView } } }, async (_request, reply) => {
    const [database, temporal, keyState] = await Promise.all([
      stateOf(deps.pingDatabase),
      stateOf(deps.pingTemporal),
      deps.keyState(),
    ]);
    // A key service that is away is away for every copy, and what is at hand serves on: only missing keys are this one's fault.
    const canWork = database === 'ok' && keyState !== 'keys_missing';
    const status = deps.isStopping?.() ? 'stopping' : canWork ? 'ready' : 'not_ready';
    return reply.status(status === 'ready' ? 200 : 503).send({ status, database, temporal, key_service: keyState });
  });
}

async function stateOf(ping: () => Promise<void>): Promise<'ok' | 'away'> {
  return ping().then(
    () => 'ok' as const,
    () => 'away' as const,
  );
}
