import { z } from 'zod';
import {
  isPlainHttp,
  logLevelSchema,
  modeSchema,
  parseConfig,
  portSchema,
  waiversIn,
  type DevelopmentOnly,
} from '../../platform/config.ts';
import { hasWholeModel, MODEL_INCOMPLETE, modelVariables } from '../../platform/models/config.ts';
import { mayBePlain, payloadEncryptionSchema, PLAIN_REFUSED } from '../../platform/payloads/setting.ts';
import { telemetryVariables } from '../../platform/telemetry/config.ts';

const DEVELOPMENT_ONLY: DevelopmentOnly[] = [{ variable: 'COGNITO_TOKEN_URL', waiver: 'issuers', isDevelopment: isPlainHttp }];

const schema = z
  .object({
    CLANCY_MODE: modeSchema,
    /** Of the listener for probes. */
    HOST: z.string().default('0.0.0.0'),
    PORT: portSchema.default(8082),
    LOG_LEVEL: logLevelSchema,
    ...telemetryVariables,
    AGENT_CORE_URL: z.url(),
    CONNECTHUB_URL: z.url(),
    COGNITO_CLIENT_ID: z.string().min(1),
    COGNITO_CLIENT_SECRET: z.string().min(1),
    COGNITO_TOKEN_URL: z.url(),
    /** A bundle made ahead; without it the worker bundles the workflows when it starts, which takes seconds. */
    WORKFLOW_BUNDLE_PATH: z.string().optional(),
    /** For skills with a `model` or `agent` node. */
    ...modelVariables,
    PAYLOAD_ENCRYPTION: payloadEncryptionSchema,
  })
  .refine(mayBePlain, PLAIN_REFUSED)
  .refine(hasWholeModel, MODEL_INCOMPLETE);

/** Every variable that a worker reads, besides Temporal's own. */
export const WORKER_VARIABLES: readonly string[] = Object.keys(schema.shape);

/** `waivers`: the development parts in use, by name. */
export type WorkerConfig = z.infer<typeof schema> & { waivers: string[] };

/** @throws ConfigError that names every bad variable. */
export function readWorkerConfig(env: { [name: string]: string | undefined }): WorkerConfig {
  const config = parseConfig({ process: 'worker', schema, env, developmentOnly: DEVELOPMENT_ONLY });
  return { ...config, waivers: waiversIn(DEVELOPMENT_ONLY, env) };
}
