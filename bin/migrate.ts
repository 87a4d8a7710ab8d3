import { parseArgs } from 'node:util';
import { readMigrateConfig } from '../db/migrate-config.ts';
import { MigrationError, migrate } from '../db/migrate.ts';
import { exitWhenNobodyReads } from '../platform/closed-pipe.ts';
import { ConfigError } from '../platform/config.ts';

const HELP = `Usage: npm run migrate -- [--retire-previous-key]

Brings the database up to date: roles, tables, row-level security, the key of the organisation context.
May be run again at any time.

  --retire-previous-key  forget the organisation context key before the current one at once (after a leak);
                         without it the previous key stays valid until the next rotation
  --help                 show this text

Environment
  DATABASE_URL      the database as its owner: a superuser, or its owner with CREATEROLE (docs/database.md)
  CORE_DB_PASSWORD  password for role core_runtime (Agent-Core)
  HUB_DB_PASSWORD   password for role hub_runtime (ConnectHub)
  ORG_CONTEXT_KEY   32 random bytes in base64, the same for Agent-Core and ConnectHub

Exit codes: 0 done, 1 the database refused or could not be reached, 2 wrong arguments or environment.
`;

class UsageError extends Error {}

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const config = readMigrateConfig(process.env);
  await migrate({
    ownerUrl: config.DATABASE_URL,
    coreDbPassword: config.CORE_DB_PASSWORD,
    hubDbPassword: config.HUB_DB_PASSWORD,
    orgContextKey: config.ORG_CONTEXT_KEY,
    retirePreviousKey: flags['retire-previous-key'],
  });
  process.stdout.write('The database is up to date.\n');
}

function readFlags() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        'retire-previous-key': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What went wrong in one line; the whole error only where nobody foresaw it. */
function report(error: unknown): void {
  const isMisuse = error instanceof UsageError || error instanceof ConfigError;
  process.exitCode = isMisuse ? 2 : 1;
  if (isMisuse) process.stderr.write(`${error.message}\n`);
  else if (error instanceof MigrationError) process.stderr.write(`The migration stopped: ${error.message}\n`);
  else console.error('The migration failed:', error);
}

exitWhenNobodyReads(process.stdout);
await main().catch(report);
