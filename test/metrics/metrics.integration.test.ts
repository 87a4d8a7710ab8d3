import { afterAll, beforeAll, expect, test } from 'vitest';
import { post } from '../faults/one-skill.ts';
import { openSite } from '../faults/site.ts';
import { startScraped, type Scraped } from './scraped-stack.ts';

let scraped: Scraped;
beforeAll(async () => {
  scraped = await startScraped();
}, 300_000);
afterAll(() => scraped?.close());

test('all three processes answer a scrape', async () => {
  const site = await openSite(scraped.stack);
  const run = await site.start({ nodes: [post('hello')] });
  await site.untilEnded(run);
  const all = await scraped.scrape();

  expect(all.api.types.size).toBeGreaterThan(10);
});
