import { z } from 'zod';
import { PROVIDER_IDS } from '../dev/sandbox/environment.ts';
import type { Clients } from '../dev/sandbox/providers.ts';
import { startSandbox } from '../dev/sandbox/server.ts';
import { modeSchema, parseConfig, portSchema } from '../platform/config.ts';

const schema = z.object({
  CLANCY_MODE: modeSchema.refine(
    (mode) => mode !== 'production',
    'the sandbox is a development part, refused in production mode',
  ),
  HOST: z.string().default('127.0.0.1'),
  PORT: portSchema.default(0),
});

/**
 * The providers that have a client in the environment are the ones that are hosted.
 *
 * @throws Error naming the variable that is missing of half a client
 */
function readClients(): Clients {
  return Object.fromEntries(
    PROVIDER_IDS.flatMap((id) => {
      const names = [`${id.toUpperCase()}_CLIENT_ID`, `${id.toUpperCase()}_CLIENT_SECRET`] as const;
      const [clientId, clientSecret] = names.map((name) => process.env[name]);
      if (clientId !== undefined && clientSecret !== undefined) return [[id, { clientId, clientSecret }]];
      if (clientId === clientSecret) return [];
      throw new Error(`${names[clientId === undefined ? 0 : 1]}: set both of the client or neither`);
    }),
  );
}

async function main(): Promise<void> {
  const config = parseConfig({ process: 'sandbox', schema, env: process.env, developmentOnly: [] });
  const { url, close } = await startSandbox({ host: config.HOST, port: config.PORT, clients: readClients() });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
