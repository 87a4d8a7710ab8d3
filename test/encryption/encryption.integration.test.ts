import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { post } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { findSecrets, type Place } from '../leaks/search.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';

/** Stands in inputs, outputs, failures and words of people. */
const CANARY = `canary-${randomBytes(12).toString('hex')}`;
const canary = { name: 'the canary', value: CANARY };

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack({ encrypted: true });
});
afterAll(() => world.close());

const nth = (n: number) => ({ ...post(`Message ${n}, ${CANARY}.`), id: `post_${n}` });
const texts = async (site: Site) => (await site.posts()).map(({ text }) => text);

/** In the file itself or in what is still to be written to it. */
async function temporalDatabase(): Promise<Place> {
  const { dbFile } = world.stack.temporal;
  const files = [dbFile!, `${dbFile}-wal`].map((path) => readFile(path).catch(() => Buffer.alloc(0)));
  return { name: "Temporal's database", bytes: Buffer.concat(await Promise.all(files)) };
}

/** The kinds of a run's events and, of those that have one, the data. */
async function eventsOf(site: Site, runId: string) {
  const events = [];
  for await (const { event } of site.manager.runs.events(runId)) events.push(event);
  return events;
}

it('a run completes, and its events and its result can be read', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [nth(1), nth(2)] });
  expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toHaveLength(2);
  const events = await eventsOf(site, runId);
  expect(events.filter(({ kind }) => kind === 'call.requested').map(({ data }) => data['parameters'])).toMatchObject([
    { text: `Message 1, ${CANARY}.` },
    { text: `Message 2, ${CANARY}.` },
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 'run.completed', data: { capabilities_used: ['slack.post'] } });
});

it('nothing that runs were given, made or failed with stands in the database of Temporal', async () => {
  const place = await temporalDatabase();
  expect(findSecrets([{ name: 'the way', value: 'binary/encrypted' }], [place])).toHaveLength(1);
  expect(findSecrets([canary], [place])).toEqual([]);
});
