import { z } from 'zod';
import { LOCAL_AUDIENCE, LOCAL_USER_POOL_ID, startIssuers } from '../dev/issuers/server.ts';
import { publicJwksSchema } from '../platform/auth/signing-key.ts';
import { modeSchema, parseConfig, portSchema } from '../platform/config.ts';

const schema = z.object({
  CLANCY_MODE: modeSchema.refine((mode) => mode !== 'production', 'the local issuers (issuers) are refused in production mode'),
  HOST: z.string().default('127.0.0.1'),
  PORT: portSchema.default(0),
  ISSUERS_DIR: z.string().min(1),
  RUN_TICKET_JWKS: publicJwksSchema,
  COGNITO_USER_POOL_ID: z.string().default(LOCAL_USER_POOL_ID),
  CLERK_AUDIENCE: z.string().default(LOCAL_AUDIENCE),
});

const config = parseConfig({ process: 'issuers', schema, env: process.env, developmentOnly: [] });
const issuers = await startIssuers({
  host: config.HOST,
  port: config.PORT,
  dir: config.ISSUERS_DIR,
  assertionJwks: config.RUN_TICKET_JWKS,
  userPoolId: config.COGNITO_USER_POOL_ID,
  audience: config.CLERK_AUDIENCE,
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void issuers.close());
process.stdout.write(`${JSON.stringify({ msg: 'listening', url: issuers.url })}\n`);
