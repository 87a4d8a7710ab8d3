import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { indexOf } from '../api/memory/index-key.ts';
import { fillMemory, vocabulary } from '../bench/memory/fill-memory.ts';
import { explainRecall, measureRecall, newEmployees } from '../bench/memory/measure-recall.ts';
import { createCoreDatabase } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { openCache } from '../dev/cache.ts';
import { createDatabase } from '../dev/postgres/databases.ts';
import { startPostgres } from '../dev/postgres/start-postgres.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import { formatStep, type Step } from '../dev/progress.ts';
import { createKeyService } from '../platform/secrets/key-service.ts';
import type { WrappedDataKey } from '../platform/secrets/data-keys.ts';
import { createSecretBox } from '../platform/secrets/secret-box.ts';

const HELP = `npm run bench:memory: how long it takes to recall what a run is to know

Fills one organisation's memory on an embedded PostgreSQL of its own, recalls for one run after the other, and prints the times
and the plan of the query. Report on stdout, progress on stderr. Exit code 1 when the 95th percentile is above the bound.

  npm run bench:memory -- --entries N  how much is remembered (1000000)
  npm run bench:memory -- --recalls N  how often it is recalled (500)
  npm run bench:memory -- --json FILE  writes the figures as JSON too
`;
const BOUND_MS = 15;
const WORDS = 30_000;
const EMPLOYEES = 200;

const { values } = parseArgs({
  options: { help: { type: 'boolean' }, entries: { type: 'string' }, recalls: { type: 'string' }, json: { type: 'string' } },
});
if (values.help === true) console.log(HELP);
else process.exitCode = await main(Number(values.entries ?? 1_000_000), Number(values.recalls ?? 500), values.json);

async function main(entries: number, recalls: number, jsonFile: string | undefined): Promise<number> {
  const log = (step: Step): void => console.error(formatStep(step));
  const folder = await makeTempFolder('clancy-bench-memory');
  const postgres = await startPostgres({
    dir: folder.path,
    databaseUrl: process.env['DATABASE_URL'],
    cacheDir: await openCache(process.env),
    path: process.env['PATH'] ?? '',
    log,
  });
  try {
    const password = randomBytes(18).toString('base64url');
    const orgContextKey = randomBytes(32);
    const ownerUrl = await createDatabase(postgres.url, `clancy_bench_${randomBytes(6).toString('hex')}`);
    await migrate({ ownerUrl, coreDbPassword: password, hubDbPassword: password, orgContextKey });
    const url = Object.assign(new URL(ownerUrl), { username: 'core_runtime', password }).href;
    const db = createCoreDatabase({ url, orgContextKey, logger: { warn: () => undefined } });
    try {
      return await bench(ownerUrl, db, entries, recalls, jsonFile);
    } finally {
      await db.close();
    }
  } finally {
    await postgres.remove();
    await folder.remove();
  }
}

async function bench(
  ownerUrl: string,
  db: ReturnType<typeof createCoreDatabase>,
  entries: number,
  recalls: number,
  jsonFile: string | undefined,
): Promise<number> {
  const orgId = 'org_bench';
  const secrets = createSecretBox({
    keyService: createKeyService(`bench:${randomBytes(32).toString('base64')}`),
    dataKeys: inMemory(),
  });
  const secret = randomBytes(32);
  const keyId = '00000000-0000-7000-8000-000000000001';
  const index = indexOf(keyId, secret);
  const place = { purpose: 'memory-index', orgId, object: orgId, field: 'sealed' };
  const row = { keyId, sealed: await secrets.seal(place, secret.toString('base64url')) };
  const words = vocabulary(WORDS);
  const employees = newEmployees(EMPLOYEES);
  const about = { orgId, index, seal: await secrets.sealerOf(orgId), employees };
  const filled = await fillMemory(ownerUrl, about, entries, words, (done) => {
    if (done % 100_000 === 0) console.error(`filled ${done}`);
  });
  console.error(
    `${filled.entries} entries, ${filled.stems} stems, ${Math.round(filled.bytes / 2 ** 20)} MB in ${Math.round(filled.seconds)} s`,
  );
  const deps = { db, secrets, orgId, row, employees, words };
  const times = await measureRecall(deps, recalls);
  const plan = await explainRecall(deps, index);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  console.log(`Recall over ${filled.entries} entries (${filled.stems} stems), ${recalls} runs, ${times.entries} entries each:`);
  console.log(`  p50 ${ms(times.p50_ms)}  p95 ${ms(times.p95_ms)}  longest ${ms(times.max_ms)}  bound ${BOUND_MS} ms (p95)\n`);
  console.log(plan.join('\n'));
  if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify({ filled, times }, null, 2)}\n`);
  return times.p95_ms <= BOUND_MS ? 0 : 1;
}

function inMemory() {
  const keys = new Map<string, WrappedDataKey>();
  return {
    get: async (orgId: string) => keys.get(orgId),
    insert: async (key: WrappedDataKey) => (keys.set(key.orgId, key), key),
  };
}
