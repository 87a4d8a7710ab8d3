import { expect, test } from 'vitest';
import { parseExposition } from '../../test/metrics/exposition.ts';
import { createMetrics, FROM_CODE } from './metrics.ts';

const about = { version: '1.2.3', buildId: '1.2.3-abc', mode: 'staging' };
const metrics = () => createMetrics(about);
const textOf = async (all: ReturnType<typeof metrics>) => parseExposition(await all.text());

test('the release, its build and its mode stand in one metric', async () => {
  const text = await textOf(metrics());
  expect(text.value('clancy_build_info', { version: '1.2.3', build_id: '1.2.3-abc', mode: 'staging' })).toBe(1);
});

test('a word that a label does not know is counted as "other": input makes no new series', async () => {
  const all = metrics();
  const calls = all.counter({ name: 'calls_total', help: 'Calls.', labels: { provider: ['slack'] } });
  for (const provider of ['slack', 'org_2x"\n', '__proto__', 'constructor']) calls.add({ provider });
  const text = await textOf(all);
  expect(text.series('calls_total')).toEqual([
    { labels: { provider: 'slack' }, value: 1 },
    { labels: { provider: 'other' }, value: 3 },
  ]);
});

test('a counter of few combinations starts with all of them, one of many or of open lists with none', async () => {
  const all = metrics();
  const many = Array.from({ length: 9 }, (_, n) => `w${n}`);
  all.counter({ name: 'few_total', help: 'Few.', labels: { a: ['x', 'y'], b: ['z'] } });
  all.counter({ name: 'many_total', help: 'Many.', labels: { a: many, b: many } });
  all.counter({ name: 'open_total', help: 'Open.', labels: { a: FROM_CODE } });
  all.counter({ name: 'plain_total', help: 'Plain.' });
  const text = await textOf(all);
  expect(text.series('few_total').map(({ labels }) => labels)).toEqual([
    { a: 'x', b: 'z' },
    { a: 'y', b: 'z' },
  ]);
  expect(text.series('many_total')).toEqual([]);
  expect(text.series('open_total')).toEqual([]);
  expect(text.value('plain_total')).toBe(0);
});

test('what a source says stands in the answer; what it can no longer say is absent, not zero, and counted', async () => {
  const all = metrics();
  const plain = all.gauge({ name: 'depth', help: 'Depth.' });
  const labelled = all.gauge({ name: 'depth_by_kind', help: 'Depth.', labels: { kind: ['a'] } });
  let isAway = false;
  all.beforeScrape({
    name: 'database',
    refresh: async () => {
      if (isAway) throw new Error('away');
      plain.set({}, 7);
      labelled.set({ kind: 'a' }, 7);
    },
    clear: () => [plain, labelled].forEach((gauge) => gauge.clear()),
  });
  const before = await textOf(all);
  expect([before.value('depth'), before.value('depth_by_kind', { kind: 'a' })]).toEqual([7, 7]);
  expect(before.value('clancy_scrape_errors_total', { source: 'database' })).toBe(0);
  isAway = true;
  await all.text();
  const after = await textOf(all);
  expect([after.series('depth'), after.series('depth_by_kind')]).toEqual([[], []]);
  expect(after.value('clancy_scrape_errors_total', { source: 'database' })).toBeGreaterThan(0);
});

test('what another library says is put behind; a library that fails costs only its own part', async () => {
  const all = metrics();
  all.append('temporal_sdk', async () => '# HELP sdk_total Sdk.\n# TYPE sdk_total counter\nsdk_total 3\n\n');
  all.append('temporal_sdk', () => Promise.reject(new Error('away')));
  expect((await textOf(all)).value('sdk_total')).toBe(3);
  expect((await textOf(all)).value('clancy_scrape_errors_total', { source: 'temporal_sdk' })).toBeGreaterThan(0);
});

test('those who ask at the same time share one answer', async () => {
  const all = metrics();
  let asked = 0;
  all.beforeScrape({ name: 'database', refresh: async () => void (asked += 1), clear: () => undefined });
  await Promise.all([all.text(), all.text(), all.text()]);
  expect(asked).toBe(1);
  await all.text();
  expect(asked).toBe(2);
});
