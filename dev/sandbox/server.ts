import Fastify from 'fastify';
import { registerErrorHandler } from './control/errors.ts';
import { registerControls } from './control/routes.ts';
import { isLoopbackHost } from './core/loopback.ts';
import { createMachinery } from './core/machinery.ts';
import { createSlackProvider } from './slack/provider.ts';

export interface SandboxOptions {
  /** 0 takes a free port. */
  port?: number;
  /** A loopback address; any other is refused. */
  host?: string;
  /** The application's client at Slack. */
  clientId: string;
  clientSecret: string;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export interface Sandbox {
  /** Base address; Slack is at `{url}/slack`. */
  url: string;
  /** Ends every connection, held and hanging ones included. */
  close: () => Promise<void>;
}

/** Starts the provider sandbox: providers under their names, its controls under `/_sandbox`. State is in memory. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', clientId, clientSecret, now = Date.now } = options;
  if (!isLoopbackHost(host)) throw new Error(`the sandbox listens on loopback only, not on ${host}`);
  const machinery = createMachinery(now);
  const providers = [createSlackProvider(machinery, { clientId, clientSecret })];
  const app = Fastify({ forceCloseConnections: true });
  registerErrorHandler(app);
  app.register(
    async (control) => {
      registerControls(control, machinery, providers);
      for (const provider of providers) provider.controls(control);
    },
    { prefix: '/_sandbox' },
  );
  for (const provider of providers) provider.routes(app);
  const url = await app.listen({ port, host });
  return { url, close: () => app.close() };
}
