import { readFile, readdir } from 'node:fs/promises';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { describe, expect, it } from 'vitest';

const here = new URL('.', import.meta.url);

async function loadSchema(): Promise<Record<string, unknown>> {
  const files = (await readdir(new URL('schema', here), { recursive: true })).filter((file) => /\/.*\.ts$/.test(file));
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(new URL(`schema/${file}`, here).href)));
  return Object.assign({}, ...modules);
}

describe('the migrations', () => {
  it('say all that the schema files say', async () => {
    const names = await readdir(new URL('migrations/meta', here));
    const newest = names
      .filter((name) => name.endsWith('_snapshot.json'))
      .toSorted()
      .at(-1);
    const recorded = JSON.parse(await readFile(new URL(`migrations/meta/${newest}`, here), 'utf8'));
    expect(await generateMigration(recorded, generateDrizzleJson(await loadSchema()))).toEqual([]);
  });
});
