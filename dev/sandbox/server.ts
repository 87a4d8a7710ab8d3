import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { registerErrorHandler } from './control/errors.ts';
import { registerControls } from './control/routes.ts';
import { isLoopbackHost } from './core/loopback.ts';
import { createMachinery } from './core/machinery.ts';
import { DESK_CLIENT } from './desk/client.ts';
import { createDeskProvider } from './desk/provider.ts';
import type { Machinery } from './core/machinery.ts';
import type { SandboxProvider } from './core/provider.ts';
import { PROVIDERS } from './providers.ts';
import type { Clients, ProviderId } from './providers.ts';

export interface SandboxOptions {
  /** 0 takes a free port. */
  port?: number;
  /** A loopback address; any other is refused. */
  host?: string;
  clients: Clients;
  /** One of the providers at the root as well: official clients know a host, and no path below it. */
  root?: ProviderId;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export interface Sandbox {
  /** Base address; each provider is at `{url}/{provider}`. */
  url: string;
  /** Ends every connection, held and hanging ones included. */
  close: () => Promise<void>;
}

/** Starts the provider sandbox: providers under their names, its controls under `/_sandbox`. State is in memory. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', clients, root, now = Date.now } = options;
  if (!isLoopbackHost(host)) throw new Error(`the sandbox listens on loopback only, not on ${host}`);
  const machinery = createMachinery(now);
  const providers = createProviders(machinery, clients);
  const app = Fastify({ forceCloseConnections: true });
  registerErrorHandler(app);
  app.register(async (control) => registerControls(control, machinery, providers), { prefix: '/_sandbox' });
  for (const [id, provider] of providers) app.register(async (own) => registerSurface(own, provider), { prefix: `/${id}` });
  const rooted = root === undefined ? undefined : providers.get(root);
  if (rooted) app.register(async (own) => registerSurface(own, rooted), { prefix: '/' });
  const url = await app.listen({ port, host });
  return { url, close: () => app.close() };
}

function createProviders(machinery: Machinery, clients: Clients): Map<string, SandboxProvider> {
  const ids = Object.keys(PROVIDERS) as ProviderId[];
  const known = ids.flatMap((id): [string, SandboxProvider][] => {
    const client = clients[id];
    return client === undefined ? [] : [[id, PROVIDERS[id](machinery, client)]];
  });
  // Nobody's application has a client at it: organisations bring it along by its OpenAPI document.
  return new Map([...known, ['desk', createDeskProvider(machinery, DESK_CLIENT)]]);
}

function registerSurface(app: FastifyInstance, provider: SandboxProvider): void {
  // A provider's complaints about a body are its own words, not Fastify's.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  provider.routes(app);
}
