import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { productCatalogue } from '../catalogue.ts';
import { readSet, SetError } from './read-set.ts';
import { setSchema } from './schema.ts';
import { catalogueOf } from './set-catalogue.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clancy-eval-'));
});
afterAll(() => rm(folder, { recursive: true }));

const expected = {
  capabilities: [],
  forbidden: [],
  providers: [],
  triggers: [],
  policy: [],
  not_understood: ['the cat'],
  min_skills: 0,
  max_skills: 0,
};
const entry = { id: 'one', title: 'One', text: 'Feed the cat.', expect: expected };

async function read(content: string): Promise<unknown> {
  const path = join(folder, 'set.json');
  await writeFile(path, content);
  return readSet(path, setSchema);
}

it('says what to do about a set that is not there', async () => {
  await expect(readSet(join(folder, 'none.json'), setSchema)).rejects.toThrow(SetError);
  await expect(readSet(join(folder, 'none.json'), setSchema)).rejects.toThrow(/npm run eval -- --set FILE/);
});

it.each([
  ['{', /not JSON/],
  ['{}', /form that docs\/eval\.md describes/],
  [JSON.stringify({ about: '', catalogue: {}, entries: [entry, entry] }), /two entries have the id one/],
  [
    JSON.stringify({ about: '', catalogue: {}, entries: [{ ...entry, text: 'Feed the dog.' }] }),
    /"the cat" does not stand in the text/,
  ],
])('refuses %s', async (content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});

it('reads a set of the form', async () => {
  expect(await read(JSON.stringify({ about: '', catalogue: {}, entries: [entry] }))).toMatchObject({ held_out: false });
});

it.each([{ fax: { 'fax.send': '' } }, { slack: { 'slack.shout': '' } }])(
  'refuses a catalogue that Clancy does not have: %j',
  (catalogue) => {
    expect(() => catalogueOf(catalogue, productCatalogue())).toThrow(/which Clancy does not have/);
  },
);
