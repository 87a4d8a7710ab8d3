import { OTHER } from '../platform/metrics/labels.ts';
import type { Level, MetricOptions, Metrics } from '../platform/metrics/metrics.ts';
import { sharedAnswer } from '../platform/metrics/shared-answer.ts';
import type { Database, Figure } from './client.ts';

/** A metric made of the rows of one figure. */
export interface FigureMetric {
  readonly figure: string;
  readonly name: string;
  readonly help: string;
  readonly value: 'amount' | 'oldestSeconds';
  /** The label that a row's kind becomes, and its closed list. */
  readonly kind?: readonly [label: string, words: readonly string[]];
  readonly providers?: readonly string[];
}

/** However often and by how many somebody scrapes, the database is not asked more often. */
const KEEP_MS = 5_000;

/** Asks the database at each scrape, once for all of these. What it does not mention is 0; when it does not answer, all are absent. */
export function addFigureMetrics(metrics: Metrics, db: Pick<Database, 'figures'>, wanted: readonly FigureMetric[]): void {
  const made = wanted.map((metric) => ({ metric, level: metrics.gauge(optionsOf(metric)) }));
  const figures = sharedAnswer(() => db.figures(), KEEP_MS);
  metrics.beforeScrape({
    name: 'database',
    refresh: async () => {
      const rows = await figures();
      for (const { metric, level } of made) show(metric, level, rows);
    },
    clear: () => {
      for (const { level } of made) level.clear();
    },
  });
}

function optionsOf({ name, help, kind, providers }: FigureMetric): MetricOptions<string> {
  if (!kind && !providers) return { name, help };
  return { name, help, labels: { ...(providers && { provider: providers }), ...(kind && { [kind[0]]: kind[1] }) } };
}

function show(metric: FigureMetric, level: Level<string>, rows: readonly Figure[]): void {
  const { kind, providers = [''], value } = metric;
  const totals = new Map<string, number>();
  const keyOf = (provider: string, word: string): string => `${provider} ${word}`;
  for (const provider of providers) for (const word of kind?.[1] ?? ['']) totals.set(keyOf(provider, word), 0);
  for (const row of rows.filter(({ figure }) => figure === metric.figure)) {
    // Two words that the lists lack are one series.
    const provider = providers.includes(row.provider) ? row.provider : OTHER;
    const word = !kind || kind[1].includes(row.kind) ? row.kind : OTHER;
    const key = keyOf(metric.providers ? provider : '', kind ? word : '');
    const before = totals.get(key) ?? 0;
    totals.set(key, value === 'amount' ? before + row.amount : Math.max(before, row.oldestSeconds));
  }
  level.clear();
  for (const [key, total] of totals) {
    const [provider = '', word = ''] = key.split(' ');
    level.set({ ...(metric.providers && { provider }), ...(kind && { [kind[0]]: word }) }, total);
  }
}
