import { z } from 'zod';
import { startSandbox } from '../dev/sandbox/server.ts';
import { modeSchema, parseConfig, portSchema } from '../platform/config.ts';

const schema = z.object({
  CLANCY_MODE: modeSchema.refine(
    (mode) => mode !== 'production',
    'the sandbox is a development part, refused in production mode',
  ),
  HOST: z.string().default('127.0.0.1'),
  PORT: portSchema.default(0),
  SLACK_CLIENT_ID: z.string(),
  SLACK_CLIENT_SECRET: z.string(),
});

async function main(): Promise<void> {
  const config = parseConfig({ process: 'sandbox', schema, env: process.env, developmentOnly: [] });
  const { url, close } = await startSandbox({
    host: config.HOST,
    port: config.PORT,
    clientId: config.SLACK_CLIENT_ID,
    clientSecret: config.SLACK_CLIENT_SECRET,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
