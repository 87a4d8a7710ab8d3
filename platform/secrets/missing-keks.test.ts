import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createKeyService } from './key-service.ts';
import { tellOfMissingKeks } from './missing-keks.ts';

const kek = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;

async function told(keys: string, used: { kek: string; keys: number }[]): Promise<object[]> {
  const lines: object[] = [];
  const logger = { error: (details: object) => void lines.push(details) };
  await tellOfMissingKeks({ jobs: { keysByKek: async () => used }, keyService: createKeyService(keys), logger });
  return lines;
}

it('names the keys that are needed and not configured', async () => {
  const used = [
    { kek: 'old', keys: 3 },
    { kek: 'new', keys: 1 },
  ];
  expect(await told(kek('new'), used)).toEqual([{ alert: 'keys', missing: [{ kek: 'old', keys: 3 }] }]);
});

it('says nothing where all are there, the one behind the comma too', async () => {
  expect(await told(`${kek('new')},${kek('old')}`, [{ kek: 'old', keys: 3 }])).toEqual([]);
});
