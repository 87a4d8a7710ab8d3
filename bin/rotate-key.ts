import { parseArgs } from 'node:util';
import { z } from 'zod';
import { rotateDataKey } from '../api/identity/rotate-data-key.ts';
import { createCoreDatabase } from '../db/client.ts';
import { ConfigError, key32Schema, modeSchema, parseConfig } from '../platform/config.ts';
import { createLocalKeyService } from '../platform/secrets/key-service.ts';

const HELP = `Usage: npm run rotate:key -- --org <organisation>

Gives an organisation a new data key at Agent-Core. Payloads of workflows and secrets are encrypted with it from then on,
within five minutes everywhere; what was encrypted before stays readable.

Environment: DATABASE_URL (as core_runtime), ORG_CONTEXT_KEY and KEY_ENCRYPTION_KEY, as Agent-Core has them.
`;

const schema = z.object({
  CLANCY_MODE: modeSchema,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  ORG_CONTEXT_KEY: key32Schema,
  KEY_ENCRYPTION_KEY: z.string(),
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { org: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values.org === undefined) throw new ConfigError('rotate-key', ['--org: is not set']);
  const config = parseConfig({ process: 'rotate-key', schema, env: process.env, developmentOnly: [] });
  const logger = { warn: (_details: object, message: string) => process.stderr.write(`${message}\n`) };
  const db = createCoreDatabase({ url: config.DATABASE_URL, orgContextKey: config.ORG_CONTEXT_KEY, logger, max: 1 });
  try {
    const kid = await rotateDataKey({ db, keyService: createLocalKeyService(config.KEY_ENCRYPTION_KEY) }, values.org);
    process.stdout.write(`${values.org} has the new data key ${kid}\n`);
  } finally {
    await db.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
