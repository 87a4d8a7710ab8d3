import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createCoreDatabase, createHubDatabase, type DatabaseOptions } from '../db/client.ts';
import { coreDataKeyRows, hubDataKeyRows, type DataKeyRows } from '../db/data-keys.ts';
import { ConfigError, key32Schema, modeSchema, parseConfig } from '../platform/config.ts';
import { rewrapDataKeys, rotateDataKey } from '../platform/secrets/change-keys.ts';
import { createKeyService, type KeyService } from '../platform/secrets/key-service.ts';

const HELP = `Usage: npm run rotate:key -- --org <organisation> | --rewrap | --status

  --org <id>  gives an organisation a new data key. Payloads of workflows and secrets are encrypted with it from then on,
              within five minutes everywhere; what was encrypted before stays readable
  --rewrap    wraps every data key with the first key of KEY_ENCRYPTION_KEY, so that the others can be dropped.
              May be broken off and started again
  --status    says how many data keys each key encryption key wraps; changes nothing
  --help      show this text

Environment: DATABASE_URL, ORG_CONTEXT_KEY and KEY_ENCRYPTION_KEY of Agent-Core or of ConnectHub. The role in DATABASE_URL
(core_runtime, hub_runtime) says whose keys are meant: each has its own.

Exit codes: 0 done, 1 the database refused or keys are left that none of KEY_ENCRYPTION_KEY opens, 2 wrong arguments or
environment.
`;

const schema = z.object({
  CLANCY_MODE: modeSchema,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  ORG_CONTEXT_KEY: key32Schema,
  KEY_ENCRYPTION_KEY: z.string(),
});

interface Work {
  readonly rows: DataKeyRows;
  readonly keyService: KeyService;
  /** Whose keys. */
  readonly owner: 'Agent-Core' | 'ConnectHub';
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const flags = readFlags();
  if (flags.help) return say(HELP.trimEnd());
  const { keyService, ...config } = readConfig();
  const logger = { warn: (_details: object, message: string) => process.stderr.write(`${message}\n`) };
  const options = { url: config.DATABASE_URL, orgContextKey: config.ORG_CONTEXT_KEY, logger, max: 1 };
  const { owner, rows, close } = roleOf(config.DATABASE_URL) === 'hub_runtime' ? openHub(options) : openCore(options);
  const work: Work = { rows, keyService, owner };
  try {
    if (flags.org !== undefined)
      say(`${flags.org} has the new data key ${await rotateDataKey(work, flags.org)} at ${work.owner}`);
    else await (flags.rewrap ? rewrap(work) : status(work));
  } finally {
    await close();
  }
}

function openCore(options: DatabaseOptions) {
  const db = createCoreDatabase(options);
  return { owner: 'Agent-Core', rows: coreDataKeyRows(db), close: db.close } as const;
}

function openHub(options: DatabaseOptions) {
  const db = createHubDatabase(options);
  return { owner: 'ConnectHub', rows: hubDataKeyRows(db), close: db.close } as const;
}

async function rewrap(work: Work): Promise<void> {
  const { keys, unreadable } = await rewrapDataKeys(work);
  say(`${keys} data keys of ${work.owner} were wrapped with ${work.keyService.kid}`);
  for (const { orgId, kid } of unreadable) say(`${orgId}: no key of KEY_ENCRYPTION_KEY opens ${kid}; it was left as it is`);
  if (unreadable.length > 0) process.exitCode = 1;
  await status(work);
}

async function status({ rows, keyService, owner }: Work): Promise<void> {
  const counts = await rows.jobs.keysByKek();
  if (counts.length === 0) say(`${owner} has no data keys yet`);
  for (const { kek, keys } of counts) say(`${kek}  ${keys} data keys of ${owner}${kek === keyService.kid ? '  (in use)' : ''}`);
}

function readFlags() {
  const { values } = parseFlags();
  const asked = [values.org !== undefined, values.rewrap, values.status].filter(Boolean).length;
  if (!values.help && asked !== 1) throw new ConfigError('rotate-key', ['give one of --org, --rewrap and --status']);
  return values;
}

function parseFlags() {
  try {
    const flag = { type: 'boolean', default: false } as const;
    return parseArgs({ options: { org: { type: 'string' }, rewrap: flag, status: flag, help: { ...flag, short: 'h' } } });
  } catch (error) {
    throw new ConfigError('rotate-key', [error instanceof Error ? error.message : String(error)]);
  }
}

function readConfig() {
  const config = parseConfig({ process: 'rotate-key', schema, env: process.env, developmentOnly: [] });
  if (roleOf(config.DATABASE_URL) === undefined) {
    throw new ConfigError('rotate-key', [
      'DATABASE_URL: expected the role core_runtime (Agent-Core) or hub_runtime (ConnectHub)',
    ]);
  }
  return { ...config, keyService: keyServiceOf(config.KEY_ENCRYPTION_KEY) };
}

function keyServiceOf(text: string): KeyService {
  try {
    return createKeyService(text);
  } catch (error) {
    throw new ConfigError('rotate-key', [`KEY_ENCRYPTION_KEY: ${error instanceof Error ? error.message : 'cannot be used'}`]);
  }
}

function roleOf(url: string): 'core_runtime' | 'hub_runtime' | undefined {
  // A pooler's names go on after a dot.
  const [role] = new URL(url).username.split('.');
  return role === 'core_runtime' || role === 'hub_runtime' ? role : undefined;
}

await main().catch((error: unknown) => {
  process.exitCode = error instanceof ConfigError ? 2 : 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});
