import { z } from 'zod';
import { key32Schema, modeSchema, parseConfig } from '../platform/config.ts';

const passwordSchema = z.string().regex(/^[\x21-\x7e]{12,}$/, 'expected 12 or more printable ASCII characters, no space');

const schema = z.object({
  CLANCY_MODE: modeSchema,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'expected a postgres:// address' }),
  CORE_DB_PASSWORD: passwordSchema,
  HUB_DB_PASSWORD: passwordSchema,
  ORG_CONTEXT_KEY: key32Schema,
});

/** Every variable that the migration reads. */
export const MIGRATE_VARIABLES: readonly string[] = Object.keys(schema.shape);

/** @throws ConfigError that names every bad variable. */
export function readMigrateConfig(env: { [name: string]: string | undefined }): z.infer<typeof schema> {
  return parseConfig({ process: 'migrate', schema, env, developmentOnly: [] });
}
