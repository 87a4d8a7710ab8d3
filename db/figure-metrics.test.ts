import { expect, test } from 'vitest';
import { createMetrics } from '../platform/metrics/metrics.ts';
import { parseExposition } from '../test/metrics/exposition.ts';
import type { Figure } from './client.ts';
import { addFigureMetrics, type FigureMetric } from './figure-metrics.ts';

const CONNECTIONS: FigureMetric = {
  figure: 'connections',
  value: 'amount',
  providers: ['slack', 'gmail'],
  kind: ['state', ['active', 'needs_reauth']],
  name: 'connections',
  help: 'Connections.',
};
const OLDEST: FigureMetric = {
  figure: 'receipts',
  value: 'oldestSeconds',
  providers: ['slack'],
  name: 'oldest',
  help: 'Oldest.',
};
const PENDING: FigureMetric = { figure: 'approvals', value: 'amount', name: 'pending', help: 'Pending.' };

const row = (figure: string, provider: string, kind: string, amount: number, oldestSeconds = 0): Figure => ({
  figure,
  provider,
  kind,
  amount,
  oldestSeconds,
});

async function said(rows: Figure[], wanted: FigureMetric[]) {
  const metrics = createMetrics({ version: '1', mode: 'staging' });
  addFigureMetrics(metrics, { figures: async () => rows }, wanted);
  return parseExposition(await metrics.text());
}

test('what the database does not mention is 0, for each word of the lists', async () => {
  const text = await said([row('connections', 'slack', 'active', 3)], [CONNECTIONS, OLDEST, PENDING]);
  expect(text.series('connections')).toEqual([
    { labels: { provider: 'slack', state: 'active' }, value: 3 },
    { labels: { provider: 'slack', state: 'needs_reauth' }, value: 0 },
    { labels: { provider: 'gmail', state: 'active' }, value: 0 },
    { labels: { provider: 'gmail', state: 'needs_reauth' }, value: 0 },
  ]);
  expect([text.value('oldest', { provider: 'slack' }), text.value('pending')]).toEqual([0, 0]);
});

test('words that the lists lack are one series: amounts add up, of ages the greatest counts', async () => {
  const rows = [
    row('connections', 'retired', 'active', 2),
    row('connections', 'org_1', 'active', 5),
    row('connections', 'slack', 'odd', 1),
    row('receipts', 'retired', 'unknown', 1, 60),
    row('receipts', 'gone', 'unknown', 1, 90),
    row('approvals', '', 'pending', 4),
  ];
  const text = await said(rows, [CONNECTIONS, OLDEST, PENDING]);
  expect(text.value('connections', { provider: 'other', state: 'active' })).toBe(7);
  expect(text.value('connections', { provider: 'slack', state: 'other' })).toBe(1);
  expect(text.value('oldest', { provider: 'other' })).toBe(90);
  expect(text.value('pending')).toBe(4);
});
