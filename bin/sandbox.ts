import { z } from 'zod';
import { startSandbox } from '../dev/sandbox/server.ts';

const schema = z.object({
  CLANCY_MODE: z.enum(['production', 'staging', 'development']).default('production').refine((mode) => mode !== 'production', {
    message: 'the sandbox is refused in production',
  }),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SLACK_CLIENT_ID: z.string().min(1),
  SLACK_CLIENT_SECRET: z.string().min(1),
});

const parsed = schema.safeParse(process.env);
if (!parsed.success) {
  // Names and reasons only: a value may be a secret.
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  process.stderr.write(`sandbox: ${problems.join('; ')}\n`);
  process.exit(1);
}
const { HOST, PORT, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET } = parsed.data;

const sandbox = await startSandbox({ host: HOST, port: PORT, clientId: SLACK_CLIENT_ID, clientSecret: SLACK_CLIENT_SECRET });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
process.stdout.write(`${JSON.stringify({ msg: 'listening', url: sandbox.url })}\n`);
