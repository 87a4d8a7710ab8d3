import { z } from 'zod';
import { createCoreDataKeyStore } from '../api/identity/data-key-store.ts';
import { UsageError } from '../cli/exit-codes.ts';
import type { KeyAdmin, OrgKeys } from '../cli/keys/key-admin.ts';
import { createDataKeyStore } from '../connecthub/tokens/data-key-store.ts';
import { createCoreDatabase, createHubDatabase, type DatabaseOptions } from '../db/client.ts';
import { coreDataKeyRows, hubDataKeyRows } from '../db/data-keys.ts';
import { CORE_SECRETS, HUB_SECRETS, sealedColumns } from '../db/sealed-columns.ts';
import { ConfigError, key32Schema, modeSchema, parseConfig } from '../platform/config.ts';
import { keyServiceOf, keyServiceVariables } from '../platform/secrets/config.ts';
import type { DataKeyStore } from '../platform/secrets/data-keys.ts';
import type { KeyRows, SealedColumn } from '../platform/secrets/key-rows.ts';
import type { KeyService } from '../platform/secrets/key-service.ts';
import { rewrapDataKeys } from '../platform/secrets/rewrap.ts';
import { rotateOrgKey } from '../platform/secrets/rotate-org.ts';
import { kidOf } from '../platform/secrets/sealed.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';

const schema = z.object({
  CLANCY_MODE: modeSchema,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  ORG_CONTEXT_KEY: key32Schema,
  ...keyServiceVariables,
});

/** The keys of one service, over its own database and key service. @throws UsageError naming the variables that are wrong */
export function openKeyAdmin(env: { [name: string]: string | undefined }): KeyAdmin {
  const config = readConfig(env);
  const keyService = keyServiceOf(config);
  const logger = { warn: (_details: object, message: string) => process.stderr.write(`${message}\n`) };
  const options = { url: config.DATABASE_URL, orgContextKey: config.ORG_CONTEXT_KEY, logger, max: 2 };
  const { service, rows, columns, dataKeys, close } =
    roleOf(config.DATABASE_URL) === 'hub_runtime' ? openHub(options) : openCore(options);
  const secretBox = createSecretBox({ keyService, dataKeys, opensRetired: true });
  return {
    service,
    status: async () => ({ keks: await keksOf(rows, keyService) }),
    statusOf: (orgId) => statusOf(rows, columns, orgId),
    rewrap: (onProgress) => rewrapDataKeys({ rows, keyService, onProgress }),
    rotate: (orgId, onProgress) => rotateOrgKey({ rows, keyService, columns, secretBox, onProgress }, orgId),
    shred: (orgId) => rows.shred(orgId),
    close,
  };
}

interface Opened {
  service: KeyAdmin['service'];
  rows: KeyRows;
  columns: SealedColumn[];
  dataKeys: DataKeyStore;
  close: () => Promise<void>;
}

function openCore(options: DatabaseOptions): Opened {
  const db = createCoreDatabase(options);
  const columns = sealedColumns(db, CORE_SECRETS);
  return { service: 'Agent-Core', rows: coreDataKeyRows(db), columns, dataKeys: createCoreDataKeyStore(db), close: db.close };
}

function openHub(options: DatabaseOptions): Opened {
  const db = createHubDatabase(options);
  const columns = sealedColumns(db, HUB_SECRETS);
  return { service: 'ConnectHub', rows: hubDataKeyRows(db), columns, dataKeys: createDataKeyStore(db), close: db.close };
}

async function keksOf({ jobs }: KeyRows, keyService: KeyService) {
  const counts = await jobs.keysByKek();
  return counts.map((one) => ({ ...one, isConfigured: keyService.unwraps(one.kek), wraps: one.kek === keyService.kid }));
}

async function statusOf(rows: KeyRows, columns: SealedColumn[], orgId: string): Promise<OrgKeys> {
  const keys = await rows.list(orgId);
  const inUse = keys.find(({ isRetired }) => !isRetired)?.kid;
  const counts = new Map<string, number>();
  for (const column of columns) await countKids(column, orgId, counts);
  return {
    keys: keys.map(({ kid, kek, isRetired }) => ({
      kid,
      kek,
      state: isRetired ? 'retired' : kid === inUse ? 'in use' : 'before',
      rows: counts.get(kid) ?? 0,
    })),
  };
}

const PAGE = 1_000;

async function countKids(column: SealedColumn, orgId: string, counts: Map<string, number>): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: { object: string; sealed: string }[] = await column.page(orgId, after, PAGE);
    for (const { sealed } of page) counts.set(kidOf(sealed), (counts.get(kidOf(sealed)) ?? 0) + 1);
    after = page.length < PAGE ? undefined : page.at(-1)?.object;
  }
}

function readConfig(env: { [name: string]: string | undefined }) {
  try {
    const config = parseConfig({ process: 'clancy keys', schema, env, developmentOnly: [] });
    if (roleOf(config.DATABASE_URL)) return config;
    throw new ConfigError('clancy keys', [
      'DATABASE_URL: expected the role core_runtime (Agent-Core) or hub_runtime (ConnectHub)',
    ]);
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message) : error;
  }
}

function roleOf(url: string): 'core_runtime' | 'hub_runtime' | undefined {
  // A pooler's names go on after a dot.
  const [role] = new URL(url).username.split('.');
  return role === 'core_runtime' || role === 'hub_runtime' ? role : undefined;
}
