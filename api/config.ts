import { z } from 'zod';
import { publicJwksSchema, signingKeySchema } from '../platform/auth/signing-key.ts';
import { hasWholeModel, MODEL_INCOMPLETE, modelVariables } from '../platform/models/config.ts';
import { mayBePlain, payloadEncryptionSchema, PLAIN_REFUSED } from '../platform/payloads/setting.ts';
import { blobVariables } from './blobs/setting.ts';
import { drainMsSchema } from '../platform/drain.ts';
import { keyServiceOf, keyServiceVariables } from '../platform/secrets/config.ts';
import type { KeyService } from '../platform/secrets/key-service.ts';
import { telemetryVariables } from '../platform/telemetry/config.ts';
import {
  isPlainHttp,
  isSet,
  jsonText,
  key32Schema,
  logLevelSchema,
  hasOwnMetricsPort,
  METRICS_PORT_TAKEN,
  modeSchema,
  parseConfig,
  portSchema,
  waiversIn,
  type DevelopmentOnly,
} from '../platform/config.ts';

const DEVELOPMENT_ONLY: DevelopmentOnly[] = [
  { variable: 'COGNITO_JWKS_URL', waiver: 'issuers', isDevelopment: isSet },
  { variable: 'COGNITO_ADMIN_ENDPOINT', waiver: 'issuers', isDevelopment: isSet },
  { variable: 'CLERK_ISSUER', waiver: 'issuers', isDevelopment: isPlainHttp },
  { variable: 'COGNITO_TOKEN_URL', waiver: 'issuers', isDevelopment: isPlainHttp },
  { variable: 'KMS_ENDPOINT', waiver: 'sandbox', isDevelopment: isPlainHttp },
];

const commaSeparated = z.string().transform((text) => text.split(',').map((part) => part.trim()));

const schema = z
  .object({
    CLANCY_MODE: modeSchema,
    HOST: z.string().default('0.0.0.0'),
    PORT: portSchema.default(8080),
    LOG_LEVEL: logLevelSchema,
    ...telemetryVariables,
    DRAIN_MS: drainMsSchema,
    /** Of the listener for Prometheus; without it there is none. */
    METRICS_PORT: portSchema.optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    ORG_CONTEXT_KEY: key32Schema,
    ...keyServiceVariables,
    SIGNING_KEY: signingKeySchema,
    /** Public halves of earlier signing keys, for runs that carry their tickets. */
    PREVIOUS_TICKET_JWKS: publicJwksSchema.optional(),
    CONNECTHUB_URL: z.url(),
    CLERK_ISSUER: z.url(),
    CLERK_AUDIENCE: z.string().min(1),
    CLERK_JWT_KEY: z.string().optional(),
    CLERK_SECRET_KEY: z.string().optional(),
    CLERK_AUTHORIZED_PARTIES: commaSeparated.optional(),
    COGNITO_REGION: z.string().min(1),
    COGNITO_USER_POOL_ID: z.string().min(1),
    COGNITO_JWKS_URL: z.url().optional(),
    COGNITO_ADMIN_ENDPOINT: z.url().optional(),
    COGNITO_TOKEN_URL: z.url(),
    COGNITO_SERVICE_CLIENTS: jsonText(z.strictObject({ agent_core: z.string(), connecthub: z.string(), worker: z.string() })),
    TEMPORAL_UI_URL: z.url().optional(),
    PAYLOAD_ENCRYPTION: payloadEncryptionSchema,
    ...blobVariables,
    /** For the reading of job descriptions. */
    ...modelVariables,
    /** Clerk's id of the organisation whose people operate the platform: the codec server opens every organisation's runs to them. */
    PLATFORM_OPERATOR_ORG: z.string().min(1).optional(),
  })
  .refine(mayBePlain, PLAIN_REFUSED)
  .refine(hasOwnMetricsPort, METRICS_PORT_TAKEN)
  .refine(hasWholeModel, MODEL_INCOMPLETE)
  .refine((env) => env.CLERK_JWT_KEY !== undefined || env.CLERK_SECRET_KEY !== undefined, {
    path: ['CLERK_JWT_KEY'],
    message: 'set it (PEM), or CLERK_SECRET_KEY',
  });

/** Every variable that Agent-Core reads, besides Temporal's own. */
export const API_VARIABLES: readonly string[] = Object.keys(schema.shape);

export type ApiConfig = z.infer<typeof schema> & { keyService: KeyService };

/** @throws ConfigError that names every bad variable. */
export function readApiConfig(env: { [name: string]: string | undefined }): ApiConfig {
  const config = parseConfig({ process: 'api', schema, env, developmentOnly: DEVELOPMENT_ONLY });
  return { ...config, keyService: keyServiceOf(config) };
}

/** The development parts in use, by name, for `/health`. */
export function waiversOf(env: { [name: string]: string | undefined }): string[] {
  return waiversIn(DEVELOPMENT_ONLY, env);
}
